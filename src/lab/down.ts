import type { NetnsName, OpOf } from "../change/index.ts";
import type { Kernel } from "../kernel/index.ts";
import { type Holder, deleteNetns, holdersOf, pinState } from "../netns/index.ts";
import { SysError, removeFile } from "../sys/index.ts";
import { Stopped, applyOps } from "./apply.ts";
import { LabError } from "./error.ts";
import { labErrorOf } from "./failure.ts";
import type { LabPlaces } from "./places.ts";
import { type LabState, removeState, writeState } from "./state.ts";
import { stopOps } from "./switches.ts";

type DeleteOp = OpOf<"netns.delete">;

/** Ops that delete those of the namespaces that are there and carry the owner's tag: nothing else, whatever its name. */
export function deleteOps(kernel: Kernel, owner: string, names: readonly NetnsName[]): DeleteOp[] {
  const owners = kernel.owners(names);
  return names.filter((name) => owners.get(name) === owner).map((netns) => ({ do: "netns.delete", netns }));
}

/** What `down` did. */
export interface DownReport {
  readonly deleted: readonly NetnsName[];
  /** Names of the lab that others have by now, left untouched. */
  readonly foreign: readonly NetnsName[];
  /** Processes that still run in deleted namespaces, whose links go when these end. */
  readonly holders: readonly Holder[];
  /** Pods whose CNI plugins failed to give back what they keep outside the lab, and why (driver `cni`). */
  readonly undetached: readonly string[];
}

/**
 * Removes every namespace of a lab, also of one that is half made, and waits until their links are gone. The state names what was
 * written down before any of them was made. `signal` stops it between two groups of namespaces.
 * @throws {LabError} `partial`: the state stays, so the same command goes on
 */
export async function takeDown(
  kernel: Kernel,
  state: LabState,
  owner: string,
  places: LabPlaces,
  signal?: AbortSignal,
): Promise<Omit<DownReport, "undetached">> {
  const { name: lab, namespaces: names } = state;
  try {
    const owners = kernel.owners(names);
    const foreign = names.filter((name) => owners.has(name) && owners.get(name) !== owner);
    const mine = deleteOps(kernel, owner, names);
    // Who may not look at the namespaces is refused by now, and has changed nothing.
    markBegun(places, state);
    // First, for they hold their namespaces.
    kernel.run(stopOps(owner, names));
    const holders = holdersOf(mine.map(({ netns }) => netns));
    const held = new Set(holders.map(({ netns }) => netns));
    // Those that end at once come last: the end of the last one is what is waited for.
    const ops = mine.toSorted((a, b) => Number(held.has(b.netns)) - Number(held.has(a.netns)));
    // The state names all there is to delete and stays until it is: no journal, so that a full disk is no reason to keep a lab.
    await applyOps(kernel, ops, { signal });
    // Files without a namespace, of a crash while one was made, and host names of those that `ip netns del` removed.
    const others = new Set(foreign);
    for (const name of names) if (!others.has(name) && pinState(name) !== "pinned") deleteNetns(name);
    await kernel.settle();
    removeState(places);
    return { deleted: ops.map(({ netns }) => netns), foreign, holders };
  } catch (error) {
    const why = error instanceof Stopped ? error.cause : error;
    if (error instanceof Stopped && why === signal?.reason) {
      const far = `${error.done.length} of ${names.length} namespaces are deleted`;
      throw new LabError("partial", `lab ${lab} is not wholly down: ${far}; run the same command again to go on`, why);
    }
    const cause = labErrorOf(`take down lab ${lab}`, why);
    if (!(cause instanceof LabError) || cause.code === "denied") throw cause;
    throw new LabError(
      "partial",
      `${cause.message}\nsome of the lab is left; run the same command again to go on`,
      why,
    );
  }
}

/** Whoever looks at the lab while this goes on, or after it was killed, shall not be told that it is up. A full disk is no reason to keep a lab. */
export function markBegun(places: LabPlaces, state: LabState): void {
  if (state.phase === "changing") return;
  try {
    writeState(places, { ...state, phase: "changing" });
  } catch (error) {
    if (!(error instanceof SysError) || (error.code !== "ENOSPC" && error.code !== "EDQUOT")) throw error;
    removeFile(`${places.state}.new`);
  }
}
