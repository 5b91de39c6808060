import type { Benchmark } from "./_harness/benchmark.ts";
import { type Series, atMost } from "./_harness/measure.ts";
import { empty, netloom } from "./_harness/programs.ts";
import { interleave } from "./_harness/spawn.ts";

/** How fast netloom starts: its least command beside a program without a line. */
export const version: Benchmark = {
  name: "version",
  title: "Start of the program",
  run: ({ quick }) => {
    const commands = [[netloom, "version"], [empty]];
    interleave(5, commands);
    const samples = interleave(quick ? 20 : 500, commands);
    const [ours, peer] = ["netloom version", "empty Bun program"].map((label, at): Series => ({
      label,
      unit: "ms",
      values: (samples[at] ?? []).map(({ seconds }) => seconds * 1000),
    }));
    if (ours === undefined || peer === undefined) throw new Error("a command was not measured");
    return { series: [ours, peer], comparisons: [atMost("netloom version", ours, peer, 1.1)], notes: [] };
  },
};
