/** How an ADD that failed is undone; loaded only then. */
import { type Op, inverse } from "../change/index.ts";
import type { Kernel } from "../kernel/index.ts";

/** Something done that is no op, and how to undo it. */
export interface Step {
  readonly what: string;
  readonly back: () => void | Promise<void>;
}

/** Undoes all of the steps, the last first; returns what could not be undone, and why. */
export async function unwind(steps: readonly (Op | Step)[], kernel: () => Kernel): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const step of steps.toReversed()) {
    try {
      if ("do" in step) kernel().run(inverse(step));
      else await step.back();
    } catch (error) {
      const what = "do" in step ? "" : `${step.what}: `;
      failures.push(what + (error instanceof Error ? error.message : String(error)));
    }
  }
  return failures;
}
