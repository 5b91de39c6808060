import { load } from "../src/lab/index.ts";
import type { Benchmark } from "./_harness/benchmark.ts";
import { ipDown } from "./_harness/ip-up.ts";
import { writeLab } from "./_harness/lab-file.ts";
import { type Series, atMost } from "./_harness/measure.ts";
import { netloom } from "./_harness/programs.ts";
import { quiet, waitUntilGone, watch } from "./_harness/quiet.ts";
import { type Command, once } from "./_harness/spawn.ts";

/** A lab goes away, until its last link is gone. */
export const down: Benchmark = {
  name: "down",
  title: "Down, until the links are gone",
  run: ({ quick }) => {
    const count = quick ? 30 : 1000;
    const file = writeLab(count);
    const lab = load(file);
    const names = lab.wish.namespaces.map(({ name }) => name);
    const up = (): void => {
      once([netloom, "up", "--no-test", "--file", file]);
      quiet();
    };
    const ours: number[] = [];
    const ip: number[] = [];
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      up();
      ours.push(untilGone([netloom, "down", lab.name], names));
      quiet();
      up();
      ip.push(untilGone(ipDown(names), names));
      // What ip does not know of: host names' namespaces and the lab's state.
      once([netloom, "down", lab.name]);
      quiet();
    }
    const own: Series = { label: "netloom down", unit: "s", values: ours };
    const peer: Series = { label: "ip -batch", unit: "s", values: ip };
    return { series: [own, peer], comparisons: [atMost(`${count} pods down`, own, peer, 1)], notes: [] };
  },
};

/** Seconds until the command has ended and links into the first, the middle and the last namespace are gone. */
function untilGone(command: Command, names: readonly string[]): number {
  const watched = [0, names.length >> 1, names.length - 1].map((at, index) => ({
    link: `watch${index}`,
    netns: names[at] ?? "",
  }));
  for (const { link, netns } of watched) watch(link, netns);
  const from = performance.now();
  once(command);
  waitUntilGone(watched.map(({ link }) => link));
  return (performance.now() - from) / 1000;
}
