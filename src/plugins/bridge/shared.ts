import { type Op, inverse } from "../../change/index.ts";
import { HOST, type Work } from "../../cni/index.ts";
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
    work.undo(`take back what was done to ${bridge}`, () => this.#takeBack(bridge));
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

  #takeBack(bridge: IfName): void {
    if (this.#done.length === 0) return;
    const { kernel } = this.#work;
    const links = kernel.facts({ namespaces: [HOST], depth: "links" }).get(HOST)?.links ?? [];
    if (links.some(({ master }) => master === bridge)) return;
    kernel.run(
      this.#done
        .filter((op) => op.do !== "sysctl.set")
        .toReversed()
        .flatMap(inverse),
    );
  }
}
