import { type Op, printOp } from "../change/index.ts";
import { printTable } from "../nft/index.ts";

/** An op that the kernel refused: says what was being done, where, and why not. */
export class OpError extends Error {
  override readonly name = "OpError";
  /** `exists`: something that is not ours has the name; `unsupported`: the kernel lacks the feature; `denied`: no privilege. */
  readonly code: "refused" | "exists" | "unsupported" | "denied";
  /** Position of the op in the run. */
  readonly index: number;
  readonly op: Op;
  /** Positions of the ops that are done: all before `index`, and perhaps some after it. */
  readonly done: readonly number[];

  constructor(
    code: OpError["code"],
    index: number,
    op: Op,
    reason: string,
    { cause, done = range(index) }: { readonly cause?: unknown; readonly done?: readonly number[] } = {},
  ) {
    super(`${titleOf(op)}: ${reason}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.index = index;
    this.op = op;
    this.done = done;
  }
}

/** The op in one line. Those of the ruleset print as a whole script, of which the reason tells the line. */
function titleOf(op: Op): string {
  if (op.do === "ovs.start") return `start Open vSwitch in ${op.netns}`;
  if (op.do === "ovs.put")
    return `put ${op.bridges.map(({ name }) => name).join(", ") || "no bridge"} into Open vSwitch of ${op.netns}`;
  if (op.do !== "nft.put" && op.do !== "nft.delete") return printOp(op);
  return `${op.do === "nft.put" ? "put" : "delete"} rules of ${op.owner} in table ${printTable(op.table)} of ${op.netns}`;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
