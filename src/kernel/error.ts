import { type Op, printOp } from "../change/index.ts";

/** An op that the kernel refused: says what was being done, where, and why not. */
export class OpError extends Error {
  override readonly name = "OpError";
  /** Position of the op in the run; everything before it is done. */
  readonly index: number;
  readonly op: Op;
  /** `exists`: something that is not ours has the name; `unsupported`: the kernel lacks the feature; `denied`: no privilege. */
  readonly code: "refused" | "exists" | "unsupported" | "denied";

  constructor(code: OpError["code"], index: number, op: Op, reason: string, cause?: unknown) {
    super(`${printOp(op)}: ${reason}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.index = index;
    this.op = op;
  }
}
