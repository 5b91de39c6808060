import type { NetnsName, OpOf } from "../change/index.ts";
import type { Kernel } from "../kernel/index.ts";
import { type Holder, deleteNetns, holdersOf, pinState } from "../netns/index.ts";
import { LabError } from "./error.ts";
import { labErrorOf } from "./failure.ts";
import type { LabPlaces } from "./places.ts";
import { removeState } from "./state.ts";
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
 * Removes every namespace of a lab, also of one that is half made, and waits until their links are gone. `names` is what was
 * written down before any of them was made.
 * @throws {LabError} `partial`: the state stays, so the same command goes on
 */
export async function takeDown(
  kernel: Kernel,
  lab: string,
  owner: string,
  names: readonly NetnsName[],
  places: LabPlaces,
): Promise<Omit<DownReport, "undetached">> {
  try {
    const owners = kernel.owners(names);
    const foreign = names.filter((name) => owners.has(name) && owners.get(name) !== owner);
    const mine = deleteOps(kernel, owner, names);
    // First, for they hold their namespaces.
    kernel.run(stopOps(owner, names));
    const holders = holdersOf(mine.map(({ netns }) => netns));
    const held = new Set(holders.map(({ netns }) => netns));
    // Those that end at once come last: the end of the last one is what is waited for.
    const ops = mine.toSorted((a, b) => Number(held.has(b.netns)) - Number(held.has(a.netns)));
    // The state names all there is to delete and stays until it is: no journal, so that a full disk is no reason to keep a lab.
    kernel.run(ops);
    // Files without a namespace, of a crash while one was made, and host names of those that `ip netns del` removed.
    const others = new Set(foreign);
    for (const name of names) if (!others.has(name) && pinState(name) !== "pinned") deleteNetns(name);
    await kernel.settle();
    removeState(places);
    return { deleted: ops.map(({ netns }) => netns), foreign, holders };
  } catch (error) {
    const cause = labErrorOf(`take down lab ${lab}`, error);
    if (!(cause instanceof LabError) || cause.code === "denied") throw cause;
    throw new LabError(
      "partial",
      `${cause.message}\nsome of the lab is left; run the same command again to go on`,
      error,
    );
  }
}
