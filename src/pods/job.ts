import type { Op } from "../change/index.ts";
import { type Kernel, OpError, RealKernel } from "../kernel/index.ts";
import { holdNode } from "./alone.ts";
import { askingForRoot } from "./denied.ts";
import { PodsError } from "./error.ts";

/** The node's own network namespace, in ops. */
export const NODE = "node";

/** What ops say, as one types it on the node. */
export function asTyped(text: string): string {
  return text.replaceAll(`ip netns exec ${NODE} `, "").replaceAll(` -n ${NODE} `, " ");
}

/** What one command does: every op goes through it, so that what was done can be taken back. */
export class Job implements Disposable {
  readonly #kernel: Kernel;
  readonly #isNode: boolean;
  #alone: Disposable | undefined;
  readonly #done: Op[] = [];
  readonly #afterUndo: (() => void)[] = [];

  /** @param kernel - this node's, which one job at a time has, if absent */
  constructor(kernel?: Kernel) {
    this.#isNode = kernel === undefined;
    this.#kernel = kernel ?? new RealKernel({ places: { [NODE]: "" }, shared: true });
  }

  /** From the first use of this node's to the end of the job no other process has it. */
  get kernel(): Kernel {
    if (this.#isNode) this.#alone ??= holdNode();
    return this.#kernel;
  }

  /** The ops that were done, in order. */
  get done(): readonly Op[] {
    return this.#done;
  }

  /** @throws {OpError} */
  run(ops: readonly Op[]): void {
    if (ops.length === 0) return;
    try {
      this.kernel.run(ops);
    } catch (error) {
      if (error instanceof OpError) {
        this.#done.push(...error.done.toSorted((a, b) => a - b).map((i) => ops[i] as Op));
        error.message = asTyped(error.message);
      }
      throw error;
    }
    this.#done.push(...ops);
  }

  /** `body` is called when all that was done has been taken back. */
  onUndo(body: () => void): void {
    this.#afterUndo.push(body);
  }

  /** Takes back all that was done, the last first; returns what could not be undone, and why. */
  async undo(): Promise<readonly string[]> {
    const failures = await this.#undone(this.#done.splice(0));
    if (failures.length === 0) for (const body of this.#afterUndo.splice(0).toReversed()) body();
    return failures;
  }

  async #undone(done: readonly Op[]): Promise<readonly string[]> {
    if (done.length === 0) return [];
    const { undo } = await import("./undo.ts");
    const failures = undo(this.kernel, done);
    await this.kernel.settle();
    return failures;
  }

  [Symbol.dispose](): void {
    this.#kernel[Symbol.dispose]();
    this.#alone?.[Symbol.dispose]();
  }
}

/**
 * Does something whole or not at all: what it had done is undone when it fails. A process that is killed leaves a part, which the
 * same command completes and `delete` removes: names follow from rules, and what is made carries our tag from its first moment.
 */
export function whole<T>(body: (job: Job) => T | Promise<T>, job?: Job): Promise<T> {
  return askingForRoot(async () => {
    using own = job ?? new Job();
    try {
      return await body(own);
    } catch (error) {
      const failures = await own.undo();
      if (failures.length === 0 || !(error instanceof Error)) throw error;
      throw new PodsError(
        "failed",
        `${error.message}\nleft behind, because it could not be undone: ${failures.join("; ")}`,
        "the same command goes on, or delete removes the pods",
        error,
      );
    }
  });
}
