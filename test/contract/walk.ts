import { expect, test } from "bun:test";
import fc from "fast-check";
import { type Facts, type Op, diff, inverse, printOp } from "../../src/change/index.ts";
import type { Kernel } from "../../src/kernel/index.ts";
import { anyWish } from "./wish-arbitrary.ts";
import { wishOf } from "./wishes.ts";

/**
 * A walk from one random wish to the next on any kernel: after each step nothing is left to do, and a step that is undone
 * from its end leaves nothing to do for the wish before. Uses (and empties) the namespaces `n0`, `n1`, `n2`.
 */
export function walkContract(
  name: string,
  makeKernel: () => Kernel,
  seeds: readonly number[] = [1, 2],
  steps = 20,
): void {
  test.each(seeds)(`${name} goes from any wish to any other and back (seed %d)`, async (seed) => {
    using kernel = makeKernel();
    const facts = (): Facts =>
      kernel.facts({ namespaces: kernel.namespaces(), sysctls: () => ["net.ipv4.ip_forward"] });
    const run = async (ops: readonly Op[]) => {
      kernel.run(ops);
      await kernel.settle();
    };
    const wishes = fc.sample(anyWish, { numRuns: steps, seed });
    for (const [at, wish] of wishes.entries()) {
      await run(diff(wish, facts()));
      expect({ at, left: diff(wish, facts()).map(printOp) }).toEqual({ at, left: [] });
      const next = wishes[at + 1];
      const ops = next === undefined ? [] : diff(next, facts());
      if (ops.some((op) => op.do === "netns.delete")) continue;
      await run(ops);
      for (const op of [...ops].reverse()) kernel.run(inverse(op));
      await kernel.settle();
      expect({ at, undone: diff(wish, facts()).map(printOp) }).toEqual({ at, undone: [] });
    }
    await run(diff(wishOf(), facts()));
    expect(kernel.namespaces()).toEqual([]);
  });
}
