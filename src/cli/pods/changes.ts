import { type Op, printOp } from "../../change/index.ts";
import { asTyped } from "../../pods/index.ts";

/** What was done, as one types it on the node. */
export const changesOf = (ops: readonly Op[]): readonly string[] => ops.map((op) => asTyped(printOp(op)));
