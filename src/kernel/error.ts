import type { Op } from "../change/index.ts";
import type * as Title from "./title.ts";

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
    // How ops are printed is loaded when one has failed.
    const { titleOf } = require("./title.ts") as typeof Title;
    super(`${titleOf(op)}: ${reason}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.index = index;
    this.op = op;
    this.done = done;
  }
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
