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
  let failures: { readonly step: Op | Step; readonly text: string }[] = [];
  for (const step of steps.toReversed()) {
    try {
      if ("do" in step) kernel().run(inverse(step));
      else await step.back();
      failures = failures.filter((failure) => !wentWith(step, failure.step));
    } catch (error) {
      const what = "do" in step ? "" : `${step.what}: `;
      failures.push({ step, text: what + (error instanceof Error ? error.message : String(error)) });
    }
  }
  return failures.map(({ text }) => text);
}

/** What was on a link is gone when the making of the link is undone. */
function wentWith(undone: Op | Step, failed: Op | Step): boolean {
  if (!("do" in undone) || !("do" in failed)) return false;
  return (
    undone.do === "link.add" && "dev" in failed && failed.netns === undone.netns && failed.dev === undone.link.name
  );
}
