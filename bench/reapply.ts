import type { Benchmark } from "./_harness/benchmark.ts";
import { labName, writeLab } from "./_harness/lab-file.ts";
import { type Series, atMost } from "./_harness/measure.ts";
import { netloom } from "./_harness/programs.ts";
import { quiet } from "./_harness/quiet.ts";
import { once } from "./_harness/spawn.ts";

/**
 * New links report their multicast groups, some at once and again a second or two later (RFC 3810), each time with the RTNL
 * held: a thousand of them keep it busy for seconds.
 */
const AFTERMATH_MS = 5000;

/** The same file again, with nothing to change. */
export const reapply: Benchmark = {
  name: "reapply",
  title: "Apply again without change",
  run: ({ quick }) => {
    const count = quick ? 30 : 1000;
    const command = [netloom, "up", "--no-test", "--file", writeLab(count)];
    const first: number[] = [];
    const again: number[] = [];
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      quiet();
      first.push(once(command).seconds);
      Bun.sleepSync(AFTERMATH_MS);
      for (let time = 0; time < 2; time++) {
        quiet();
        again.push(once(command).seconds);
      }
      once([netloom, "down", labName]);
    }
    const peer: Series = { label: "first up", unit: "s", values: first };
    const ours: Series = { label: "up again", unit: "s", values: again };
    return { series: [ours, peer], comparisons: [atMost(`${count} pods, up again`, ours, peer, 0.25)], notes: [] };
  },
};
