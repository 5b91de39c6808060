import { type Facts, type Op, type Wish, diff } from "../change/index.ts";
import type { Kernel } from "../kernel/index.ts";
import { removeFile } from "../sys/index.ts";
import { type ApplyOptions, Stopped, applyOps, undoOps } from "./apply.ts";
import type { AttachmentChange } from "./cni/index.ts";
import { deleteOps } from "./down.ts";
import { LabError } from "./error.ts";
import { labErrorOf, writingDown } from "./failure.ts";
import { beginJournal, endJournal, journalIsOpen } from "./journal.ts";
import type { LabPlaces } from "./places.ts";
import { forgetOps } from "./moved.ts";
import { ruleOps } from "./rules.ts";
import { claimNames, clearHollow, sysctlKeys, withNeighbours, withTxChecksums } from "./running.ts";
import { stopOps, switchesOf } from "./switches.ts";
import { type LabState, readState, removeState, writeState } from "./state.ts";

/** The ops that make a wish true, and the facts they were computed from. */
export interface PlannedOps {
  readonly ops: readonly Op[];
  readonly facts: Facts;
}

/** What `up` would do. */
export interface Plan extends PlannedOps {
  /** What the plugins would do (driver `cni`): those that detach before the ops, the others after them. */
  readonly attachments: readonly AttachmentChange[];
}

/** What `up` did. */
export interface UpReport {
  /** Nothing of the lab was there before. */
  readonly created: boolean;
  readonly ops: readonly Op[];
  /** An earlier netloom was stopped in the middle; this one finished its work. */
  readonly resumed: boolean;
  /** Pods that CNI plugins attached (driver `cni`). */
  readonly attached: readonly string[];
}

/** Compares a wish with the kernel. `known` are namespaces written down as this lab's. @throws {LabError} `conflict` */
export function planChange(kernel: Kernel, wish: Wish, known: readonly string[]): PlannedOps {
  const names = wish.namespaces.map(({ name }) => name);
  const facts = kernel.facts({
    namespaces: [...new Set([...names, ...known])],
    sysctls: sysctlKeys(wish),
    neighbours: withNeighbours(wish),
    switches: switchesOf(wish),
    txChecksums: withTxChecksums(wish),
  });
  claimNames(facts, wish.owner, names, new Set(known));
  return { ops: [...diff(wish, facts), ...ruleOps(kernel, wish, facts), ...forgetOps(wish, facts)], facts };
}

/** What is to become of a lab. */
export interface Change {
  readonly wish: Wish;
  /** What was remembered of it before; nothing if it is new. */
  readonly before: LabState | undefined;
  /** What it was to be before, if that can still be told. */
  readonly oldWish: () => Wish | undefined;
  readonly after: Omit<LabState, "phase" | "since" | "namespaces">;
}

/**
 * Makes the kernel be as the wish says. What is to be done is on the disk before the first op; on refusal or signal all is undone where
 * that is possible, else the error says that the same command goes on.
 * @throws {LabError} `failed`, `interrupted`, `partial`, `unsupported`, `denied`, `conflict`
 */
export async function bringUp(
  kernel: Kernel,
  change: Change,
  places: LabPlaces,
  options: ApplyOptions,
): Promise<Omit<UpReport, "attached">> {
  const { wish, before, after } = change;
  const known = before?.namespaces ?? [];
  const resumed = before?.phase === "changing" || journalIsOpen(places);
  // What the other was deleting when it was stopped may still be going, and would go from under the plan.
  if (resumed) await kernel.settle("all");
  const { ops } = planChange(kernel, wish, known);
  checkKinds(kernel, after.name, ops);
  const wanted = wish.namespaces.map(({ name }) => name);
  const all = [...new Set([...known, ...wanted])];
  const state = (phase: LabState["phase"], namespaces: readonly string[]): LabState => ({
    ...after,
    namespaces,
    phase,
    since: before !== undefined && ops.length === 0 ? before.since : new Date().toISOString(),
  });
  if (ops.length > 0) {
    intend(places, state("changing", all), before, ops);
    clearHollow(wanted);
    try {
      await applyOps(kernel, ops, options);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      const asked = options.signal?.aborted === true && error.cause === options.signal.reason;
      const undone =
        before === undefined
          ? await undoAll(kernel, wish.owner, wanted, places)
          : await undoSome(kernel, change, error, all, places, before, asked);
      throw describe(error, after.name, { asked, undone, total: ops.length });
    }
    await kernel.settle();
  }
  try {
    writeState(places, state("up", wanted));
    endJournal(places);
  } catch (error) {
    throw unrecorded(labErrorOf(`lab ${after.name} is up, but that cannot be written down`, error));
  }
  return { created: before === undefined, ops, resumed };
}

/** Links that labs cannot be without, or that no message makes. */
const ordinary: ReadonlySet<string> = new Set(["bridge", "tun", "veth"]);

/** Whether the kernel can make every kind of link: what it cannot must not end a change half-way. @throws {LabError} `unsupported` */
function checkKinds(kernel: Kernel, lab: string, ops: readonly Op[]): void {
  const kinds = ops.flatMap((op) => (op.do === "link.add" && !ordinary.has(op.link.kind) ? [op.link.kind] : []));
  const [lacking] = kernel.lacking([...new Set(kinds)]);
  if (lacking === undefined) return;
  const { kind, why } = lacking;
  throw new LabError("unsupported", `bring up lab ${lab}: it needs links of kind ${kind}: ${why}\nnothing was changed`);
}

/** Puts on the disk what is about to be done; if it does not fit, all is as before. @throws {LabError} `failed`, `denied` */
function intend(places: LabPlaces, state: LabState, before: LabState | undefined, ops: readonly Op[]): void {
  writingDown(state.name, places.folder, () => {
    try {
      writeState(places, state);
      beginJournal(places, ops);
    } catch (error) {
      if (before === undefined) removeState(places);
      else {
        removeFile(`${places.state}.new`);
        endJournal(places);
        // Nothing is lost if this does not fit either: the new state names more namespaces than are there.
        if (readState(places)?.phase !== before.phase) writeState(places, before);
      }
      throw error;
    }
  });
}

function unrecorded(error: unknown): unknown {
  if (!(error instanceof LabError)) return error;
  return new LabError("partial", `${error.message}\nrun the same command again when it can`, error);
}

/** A lab that was not there before goes away whole; `false` where the kernel does not let it. */
async function undoAll(kernel: Kernel, owner: string, names: readonly string[], places: LabPlaces): Promise<boolean> {
  try {
    kernel.run([...stopOps(owner, names), ...deleteOps(kernel, owner, names)]);
    await kernel.settle();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return false;
  }
  removeState(places);
  return true;
}

/** A lab that was there gets its old shape back; `false` where it cannot. `between`: stopped between two ops, none is half done. */
async function undoSome(
  kernel: Kernel,
  { oldWish }: Change,
  { done }: Stopped,
  all: readonly string[],
  places: LabPlaces,
  before: LabState,
  between: boolean,
): Promise<boolean> {
  try {
    const stuck = undoOps(kernel, done);
    await kernel.settle();
    // What is done in part, or cannot be turned round, is found by comparing with what was to be there.
    if (stuck.length > 0 || !between) {
      const old = oldWish();
      if (old === undefined) return false;
      kernel.run(planChange(kernel, old, all).ops);
      await kernel.settle();
    }
    writeState(places, before);
    endJournal(places);
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return false;
  }
}

function isRefusal(error: unknown): boolean {
  return labErrorOf("", error) instanceof LabError;
}

/** `asked`: the signal stopped it. What neither that nor a refusal explains is a fault of netloom, and stays one. */
function describe(
  { cause, done }: Stopped,
  lab: string,
  { asked, undone, total }: { readonly asked: boolean; readonly undone: boolean; readonly total: number },
): Error {
  const outcome = undone
    ? "everything was undone"
    : `${done.length} of ${total} changes were made and could not all be undone; run the same command again to go on, or 'netloom down ${lab}' to remove the lab`;
  const error = labErrorOf(`bring up lab ${lab}`, cause);
  if (error instanceof LabError)
    return new LabError(undone ? error.code : "partial", `${error.message}\n${outcome}`, cause);
  if (!asked) return new Error(`bring up lab ${lab}: ${String(cause)}\n${outcome}`, { cause });
  const why = cause instanceof Error && cause.name === "TimeoutError" ? "was not up in time" : "was interrupted";
  return new LabError(undone ? "interrupted" : "partial", `lab ${lab} ${why}: ${outcome}`, cause);
}
