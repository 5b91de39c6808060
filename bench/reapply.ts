import type { Benchmark } from "./_harness/benchmark.ts";
import { labName, writeLab } from "./_harness/lab-file.ts";
import { type Series, atMost } from "./_harness/measure.ts";
import { netloom } from "./_harness/programs.ts";
import { quiet } from "./_harness/quiet.ts";
import { once } from "./_harness/spawn.ts";

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
      for (let time = 0; time < 2; time++) {
        quiet(); // the kernel has yet to look at a thousand new links
        again.push(once(command).seconds);
      }
      once([netloom, "down", labName]);
    }
    const peer: Series = { label: "first up", unit: "s", values: first };
    const ours: Series = { label: "up again", unit: "s", values: again };
    return { series: [ours, peer], comparisons: [atMost(`${count} pods, up again`, ours, peer, 0.25)], notes: [] };
  },
};
