import { type Op, inverse } from "../change/index.ts";
import { type Kernel, OpError } from "../kernel/index.ts";

/** Turns done ops round, the last first; goes on where the kernel refuses, and returns what it said. */
export function undo(kernel: Kernel, done: readonly Op[]): readonly string[] {
  const failures: string[] = [];
  let left = done.toReversed().flatMap(inverse);
  while (left.length > 0) {
    try {
      kernel.run(left);
      break;
    } catch (error) {
      if (!(error instanceof OpError)) throw error;
      failures.push(error.message);
      const undone = new Set(error.done);
      left = left.filter((_, i) => i !== error.index && !undone.has(i));
    }
  }
  return failures;
}
