import type { Benchmark } from "./_harness/benchmark.ts";
import { type Series, atMost } from "./_harness/measure.ts";
import { empty, emptyAlike, netloom } from "./_harness/programs.ts";
import { interleave } from "./_harness/spawn.ts";

/** How fast netloom starts: its least command beside a program without a line. */
export const version: Benchmark = {
  name: "version",
  title: "Start of the program",
  run: ({ quick }) => {
    const commands = [[netloom, "version"], [empty], [emptyAlike]];
    interleave(5, commands);
    const samples = interleave(quick ? 20 : 500, commands);
    const labels = ["netloom version", "empty Bun program", "empty, netloom's flags"];
    const [ours, peer, alike] = labels.map((label, at): Series => ({
      label,
      unit: "ms",
      values: (samples[at] ?? []).map(({ seconds }) => seconds * 1000),
    }));
    if (!ours || !peer || !alike) throw new Error("a command was not measured");
    const comparisons = [atMost("netloom version", ours, peer, 1.1), atMost("netloom version", ours, alike)];
    return { series: [ours, peer, alike], comparisons, notes: [] };
  },
};
