import { expect, test } from "bun:test";
import fc from "fast-check";
import {
  type Facts,
  type Op,
  diff,
  formatSummary,
  inverse,
  opToJson,
  printOp,
  summarize,
} from "../../src/change/index.ts";
import { MemoryKernel } from "../../src/kernel/memory.ts";
import { anyWish } from "./wish-arbitrary.ts";
import { wishOf } from "./wishes.ts";

const facts = (kernel: MemoryKernel): Facts =>
  kernel.facts({ namespaces: kernel.namespaces(), sysctls: () => ["net.ipv4.ip_forward"] });

/** All that is, without the kernel's numbers and the order in which it came about. */
function portrait(kernel: MemoryKernel, except: ReadonlySet<string> = new Set()): unknown {
  const sorted = (items: readonly unknown[]) => items.map((item) => JSON.stringify(item)).sort();
  return [...facts(kernel).values()]
    .filter(({ name }) => !except.has(name))
    .map((netns) => ({
      ...netns,
      links: netns.links
        .map(({ index: _, peerIndex, lowerIndex, addrs, altNames, ...link }) => ({
          ...link,
          isPaired: peerIndex !== undefined,
          isGuest: lowerIndex !== undefined,
          addrs: sorted(addrs),
          altNames: [...(altNames ?? [])].sort(),
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      routes: sorted(netns.routes.filter(({ protocol }) => protocol !== "kernel").map(sortedKeys)),
      rules: sorted(netns.rules),
      neighs: sorted(netns.neighs),
      fdb: sorted(netns.fdb),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function sortedKeys(object: object): unknown {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const runs = { numRuns: 200 };
const patience = 120_000;

test(
  "after a diff nothing is left to do, from anywhere to anywhere",
  () => {
    fc.assert(
      fc.property(fc.array(anyWish, { minLength: 1, maxLength: 4 }), (wishes) => {
        const kernel = new MemoryKernel();
        for (const wish of wishes) {
          kernel.run(diff(wish, facts(kernel)));
          expect(diff(wish, facts(kernel)).map(printOp)).toEqual([]);
        }
        kernel.run(diff(wishOf(), facts(kernel)));
        expect(kernel.namespaces()).toEqual([]);
      }),
      runs,
    );
  },
  patience,
);

test(
  "nothing is left to do after someone else deleted links and took them down",
  () => {
    fc.assert(
      fc.property(
        anyWish,
        fc.array(fc.record({ pick: fc.nat(), down: fc.boolean() }), { maxLength: 3 }),
        (wish, harms) => {
          const kernel = new MemoryKernel();
          kernel.run(diff(wish, facts(kernel)));
          for (const { pick, down } of harms) {
            const links = [...facts(kernel).values()].flatMap(({ name: netns, links }) =>
              links.filter(({ name }) => name !== "lo").map(({ name }) => ({ netns, name })),
            );
            const target = links[pick % Math.max(links.length, 1)];
            if (target === undefined) break;
            kernel.run([
              down ? { do: "link.set", ...target, set: { up: false }, was: {} } : { do: "link.delete", ...target },
            ]);
          }
          kernel.run(diff(wish, facts(kernel)));
          expect(diff(wish, facts(kernel)).map(printOp)).toEqual([]);
        },
      ),
      runs,
    );
  },
  patience,
);

test(
  "the inverse of each op restores what was, one by one and from the end",
  () => {
    // What was in a namespace is gone with it, and nobody knows what a new one's parameters were.
    const isUndone = (op: Op) => op.do !== "netns.delete";
    const hasWas = (op: Op) => isUndone(op) && (op.do !== "sysctl.set" || op.was !== undefined);
    fc.assert(
      fc.property(anyWish, anyWish, (first, second) => {
        const kernel = new MemoryKernel();
        kernel.run(diff(first, facts(kernel)));
        const start = portrait(kernel);
        const ops = diff(second, facts(kernel));
        const going = new Set(ops.filter((op) => !isUndone(op)).map(({ netns }) => netns));
        for (const op of ops) {
          const before = portrait(kernel, going);
          kernel.run([op]);
          if (!hasWas(op)) continue;
          kernel.run(inverse(op));
          expect({ after: printOp(op), portrait: portrait(kernel, going) }).toEqual({
            after: printOp(op),
            portrait: before,
          });
          kernel.run([op]);
        }
        if (!ops.every(isUndone)) return;
        for (const op of [...ops].reverse()) kernel.run(inverse(op));
        expect(portrait(kernel)).toEqual(start);
      }),
      runs,
    );
  },
  patience,
);

test(
  "every op can be printed, told and written as JSON",
  () => {
    fc.assert(
      fc.property(anyWish, anyWish, (first, second) => {
        const kernel = new MemoryKernel();
        kernel.run(diff(first, facts(kernel)));
        const ops = diff(second, facts(kernel));
        for (const line of ops.map(printOp)) {
          expect(line).toMatch(/^(ip|bridge|tc) /);
          expect(line).not.toContain("undefined");
          expect(line).not.toContain("\n");
        }
        const json = JSON.parse(JSON.stringify(ops.map(opToJson))) as { readonly do: string }[];
        expect(json.map((op) => op.do)).toEqual(ops.map((op) => op.do));
        const { lines, create, change, delete: gone } = summarize(ops, facts(kernel));
        expect(formatSummary(lines)).not.toContain("undefined");
        expect(create + change + gone > 0).toBe(ops.length > 0);
      }),
      runs,
    );
  },
  patience,
);
