import { type Op, inverse } from "../change/index.ts";
import { type Kernel, OpError } from "../kernel/index.ts";

/** How far a change got, for a progress display. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly next: Op;
}

export interface ApplyOptions {
  /** Stops between two groups of ops. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Why a change stopped, and what of it is done by then. */
export class Stopped extends Error {
  override readonly name = "Stopped";
  /** In the order of the change. */
  readonly done: readonly Op[];

  constructor(done: readonly Op[], cause: unknown) {
    super("the change was stopped", { cause });
    this.done = done;
  }
}

/** Ops between two looks at the signal and the clock: a few dozen milliseconds of kernel work. */
const GROUP = 256;

/** Runs ops group by group, so that Ctrl-C and the progress display get their turn. @throws {Stopped} */
export async function applyOps(
  kernel: Kernel,
  ops: readonly Op[],
  { signal, onProgress }: ApplyOptions,
): Promise<void> {
  for (let from = 0; from < ops.length; from += GROUP) {
    const group = ops.slice(from, from + GROUP);
    try {
      onProgress?.({ done: from, total: ops.length, next: group[0] as Op });
      signal?.throwIfAborted();
      kernel.run(group, { goesOn: from + GROUP < ops.length });
    } catch (error) {
      const some = error instanceof OpError ? new Set(error.done) : new Set<number>();
      throw new Stopped([...ops.slice(0, from), ...group.filter((_, i) => some.has(i))], error);
    }
    await Bun.sleep(0);
  }
}

/** Turns done ops round, last first; goes on where the kernel refuses. Returns the ops that are not undone. */
export function undoOps(kernel: Kernel, done: readonly Op[]): Op[] {
  const stuck: Op[] = [];
  for (const op of done.toReversed()) {
    const back = inverse(op);
    // What is inside a deleted namespace does not come back with it.
    if (back.length === 0 || op.do === "netns.delete") stuck.push(op);
    try {
      kernel.run(back);
    } catch (error) {
      if (!(error instanceof OpError)) throw error;
      stuck.push(op);
    }
  }
  return stuck;
}
