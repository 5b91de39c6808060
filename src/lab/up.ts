import { type Facts, type Op, type Wish, diff } from "../change/index.ts";
import { type Kernel, OpError } from "../kernel/index.ts";
import { type ApplyOptions, Stopped, applyOps, undoOps } from "./apply.ts";
import { deleteOps } from "./down.ts";
import { LabError } from "./error.ts";
import { beginJournal, endJournal, journalIsOpen } from "./journal.ts";
import type { LabPlaces } from "./places.ts";
import { claimNames, sysctlKeys } from "./running.ts";
import { type LabState, removeState, writeState } from "./state.ts";

/** What `up` would do: the ops, and the facts they were computed from. */
export interface Plan {
  readonly ops: readonly Op[];
  readonly facts: Facts;
}

/** What `up` did. */
export interface UpReport {
  /** Nothing of the lab was there before. */
  readonly created: boolean;
  readonly ops: readonly Op[];
  /** An earlier netloom was stopped in the middle; this one finished its work. */
  readonly resumed: boolean;
}

/** Compares a wish with the kernel. `known` are namespaces written down as this lab's. @throws {LabError} `conflict` */
export function planChange(kernel: Kernel, wish: Wish, known: readonly string[]): Plan {
  const names = wish.namespaces.map(({ name }) => name);
  const facts = kernel.facts({ namespaces: names, sysctls: sysctlKeys(wish) });
  claimNames(facts, wish.owner, names, new Set(known));
  const wanted = new Set(names);
  const superfluous = known.filter((name) => !wanted.has(name));
  return { ops: [...deleteOps(kernel, wish.owner, superfluous), ...diff(wish, facts)], facts };
}

/**
 * Makes the kernel be as the wish says. What is to be done is on the disk before the first op; on refusal or signal all is undone where
 * that is possible, else the error says that the same command goes on.
 * @throws {LabError} `failed`, `interrupted`, `partial`, `unsupported`, `denied`, `conflict`
 */
export async function bringUp(
  kernel: Kernel,
  wish: Wish,
  places: LabPlaces,
  before: LabState | undefined,
  after: Omit<LabState, "phase" | "since" | "namespaces">,
  options: ApplyOptions,
): Promise<UpReport> {
  const known = before?.namespaces ?? [];
  const resumed = before?.phase === "changing" || journalIsOpen(places);
  const { ops } = planChange(kernel, wish, known);
  const wanted = wish.namespaces.map(({ name }) => name);
  const state = (phase: LabState["phase"], namespaces: readonly string[]): LabState => ({
    ...after,
    namespaces,
    phase,
    since: new Date().toISOString(),
  });
  if (ops.length > 0) {
    writeState(places, state("changing", [...new Set([...known, ...wanted])]));
    beginJournal(places, ops);
    try {
      await applyOps(kernel, ops, options);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      const undone =
        before === undefined
          ? await undoAll(kernel, wish.owner, wanted, places)
          : undoSome(kernel, error.done, places, before);
      throw describe(error, after.name, undone, ops.length);
    }
    await kernel.settle();
  }
  writeState(places, state("up", wanted));
  endJournal(places);
  return { created: before === undefined, ops, resumed };
}

/** A lab that was not there before goes away whole. */
async function undoAll(kernel: Kernel, owner: string, names: readonly string[], places: LabPlaces): Promise<boolean> {
  kernel.run(deleteOps(kernel, owner, names));
  await kernel.settle();
  removeState(places);
  return true;
}

/** A lab that was there gets its old shape back, if nothing was lost that only its old file could tell. */
function undoSome(kernel: Kernel, done: readonly Op[], places: LabPlaces, before: LabState): boolean {
  if (undoOps(kernel, done).length > 0) return false;
  writeState(places, before);
  endJournal(places);
  return true;
}

function describe({ cause, done }: Stopped, lab: string, undone: boolean, total: number): LabError {
  const outcome = undone
    ? "everything was undone"
    : `${done.length} of ${total} changes are done; run the same command again to go on, or 'netloom down ${lab}' to remove the lab`;
  if (!(cause instanceof OpError)) {
    const code = undone ? "interrupted" : "partial";
    return new LabError(code, `interrupted: ${outcome}`, cause);
  }
  const code =
    cause.code === "denied" || cause.code === "unsupported"
      ? cause.code
      : cause.code === "exists"
        ? "conflict"
        : "failed";
  return new LabError(undone ? code : "partial", `${cause.message}\n${outcome}`, cause);
}
