import { expect, test } from "bun:test";
import fc from "fast-check";
import { Fd } from "../sys/index.ts";
import { parseIp } from "../values/index.ts";
import { fullMatrix } from "./pairs.ts";
import type { ProbeEnd } from "./result.ts";
import { inRounds } from "./rounds.ts";

const end = (name: string, ...addrs: readonly string[]): ProbeEnd => ({
  name,
  netns: new Fd(-1),
  addrs: addrs.map(parseIp),
});
const a = end("a", "10.0.0.1", "fd00::1");
const b = end("b", "10.0.0.2", "fd00::2");
const c = end("c", "10.0.0.3");
const node = end("node", "192.0.2.1", "2001:db8::1");

const show = (pairs: ReturnType<typeof fullMatrix>): string[] =>
  pairs.map(({ from, to, address, expect: wanted }) => `${from.name}→${to.name} ${address}${wanted ? "" : " not"}`);

test("pods to pods and nodes to pods, in the families that both have", () => {
  expect(show(fullMatrix([a, b, c], [node], (from, to) => !(from === a && to === c)))).toEqual([
    "a→b 10.0.0.2",
    "a→b fd00::2",
    "a→c 10.0.0.3 not",
    "b→a 10.0.0.1",
    "b→a fd00::1",
    "b→c 10.0.0.3",
    "c→a 10.0.0.1",
    "c→b 10.0.0.2",
    "node→a 10.0.0.1",
    "node→a fd00::1",
    "node→b 10.0.0.2",
    "node→b fd00::2",
    "node→c 10.0.0.3",
  ]);
});

test("a single pod has nobody to ask", () => {
  expect(fullMatrix([a], [])).toEqual([]);
});

const pods = (count: number): ProbeEnd[] => Array.from({ length: count }, (_, i) => end(`p${i}`, `10.0.0.${i + 1}`));

test("rounds hold every pair once", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 24 }), fc.func(fc.boolean()), (count, keep) => {
      const pairs = fullMatrix(pods(count), []).filter(({ from, to }) => keep(from.name, to.name));
      expect(inRounds(pairs).toSorted((x, y) => x - y)).toEqual(pairs.map((_, index) => index));
    }),
  );
});

test("both directions of a pair follow each other, and the load goes around", () => {
  const pairs = fullMatrix(pods(6), []);
  const order = inRounds(pairs).map((index) => pairs[index] as (typeof pairs)[number]);
  for (let i = 0; i < order.length; i += 2) {
    expect(order[i]?.from).toBe(order[i + 1]?.to as ProbeEnd);
    expect(order[i]?.to).toBe(order[i + 1]?.from as ProbeEnd);
  }
  // Each third of it has every pod as a source, as often.
  for (const round of [order.slice(0, 12), order.slice(12, 24)]) {
    const counts = Map.groupBy(round, ({ from }) => from).values();
    expect([...counts].map((list) => list.length)).toEqual([2, 2, 2, 2, 2, 2]);
  }
});
