import { load } from "../src/lab/index.ts";
import type { Benchmark } from "./_harness/benchmark.ts";
import { labName, writeLab } from "./_harness/lab-file.ts";
import { type Series, timesFaster } from "./_harness/measure.ts";
import { must, netloom } from "./_harness/programs.ts";
import { quiet } from "./_harness/quiet.ts";
import { type Command, once, together } from "./_harness/spawn.ts";

/** Every pod asks every pod, in both families. */
export const matrix: Benchmark = {
  name: "matrix",
  title: "Full matrix of pods",
  run: ({ quick }) => {
    const count = quick ? 10 : 100;
    const file = writeLab(count);
    once([netloom, "up", "--no-test", "--file", file]);
    quiet();
    const all = pings(file);
    const test = [netloom, "test", labName];
    const pairs = pairsOf([...test, "--output", "json"]);
    const ours: number[] = [];
    const peers: number[] = [];
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      ours.push(once(test).seconds);
      const some = sample(all, 200);
      peers.push((together(1, some).seconds / some.length) * all.length);
    }
    once([netloom, "down", labName]);
    const own: Series = { label: "netloom test", unit: "s", values: ours };
    const peer: Series = { label: "ping -c1 per pair (reckoned from 200)", unit: "s", values: peers };
    return {
      series: [own, peer],
      comparisons: [timesFaster(`full matrix of ${count} pods, ${all.length} pairs`, own, peer, 20)],
      notes: [
        `netloom asked ${pairs} pairs, the node's among them; the pings are those of the ${all.length} pairs of pods`,
        "both ask when the neighbours are known: a matrix ran before",
      ],
    };
  },
};

/** One process per pair: nsenter becomes ping, and costs less than `ip netns exec`. */
function pings(file: string): readonly Command[] {
  const pods = load(file).topology.nodes.flatMap((node) => node.pods);
  return pods.flatMap((from) =>
    pods
      .filter((to) => to !== from)
      .flatMap((to) => to.addrs)
      .map((prefix) => [
        "nsenter",
        `--net=/run/netns/${from.netns}`,
        "ping",
        "-nqc1",
        "-W1",
        prefix.slice(0, prefix.indexOf("/")),
      ]),
  );
}

/** Evenly spread, so both families and all distances are there. */
function sample(all: readonly Command[], size: number): readonly Command[] {
  const step = all.length / Math.min(size, all.length);
  return Array.from({ length: Math.min(size, all.length) }, (_, at) => all[Math.floor(at * step)] ?? []);
}

function pairsOf(test: Command): number {
  const result: unknown = JSON.parse(must(test));
  if (typeof result !== "object" || result === null || !("summary" in result)) throw new Error("no summary");
  const { summary } = result;
  if (typeof summary !== "object" || summary === null || !("pairs" in summary)) throw new Error("no number of pairs");
  return Number(summary.pairs);
}
