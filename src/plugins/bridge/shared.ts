import type { Op } from "../../change/index.ts";
import type { Work } from "../../cni/index.ts";
import { OpError } from "../../kernel/index.ts";
import type { IfName } from "../../values/index.ts";

/**
 * What several attachments have in common: the bridge and its addresses. Others may have come to rely on it while this ADD was
 * under way, so when it fails, it is taken back only if the bridge has no port; and the host goes on forwarding.
 */
export class Shared {
  readonly #work: Work;
  readonly #done: Op[] = [];

  constructor(work: Work, bridge: IfName) {
    this.#work = work;
    work.undo(`take back what was done to ${bridge}`, async () => {
      if (this.#done.length > 0) (await import("./take-back.ts")).takeBack(this.#done, bridge, work.kernel);
    });
  }

  /** @throws {OpError} */
  run(ops: readonly Op[]): void {
    if (ops.length === 0) return;
    try {
      this.#work.kernel.run(ops);
      this.#done.push(...ops);
    } catch (error) {
      if (error instanceof OpError) this.#done.push(...error.done.flatMap((i) => ops[i] ?? []));
      throw error;
    }
  }
}
