import { createNetns } from "../src/netns/index.ts";
import type { Benchmark } from "./_harness/benchmark.ts";
import { ipDown } from "./_harness/ip-up.ts";
import { labName, writeLab } from "./_harness/lab-file.ts";
import { type Comparison, type Series, atMost, plus } from "./_harness/measure.ts";
import { empty, emptyAlike, netloom } from "./_harness/programs.ts";
import { quiet } from "./_harness/quiet.ts";
import { interleave, once } from "./_harness/spawn.ts";

const labPods = 10;

/** `true` in a pod, among few and many others. */
export const exec: Benchmark = {
  name: "exec",
  title: "Exec of `true` in a pod",
  run: ({ quick }) => {
    const measured = (quick ? [10, 50] : [10, 300, 3000]).map((count) => among(count, quick ? 10 : 200));
    const [first, last] = [measured[0], measured.at(-1)];
    const growth: Comparison[] =
      first === undefined || last === undefined
        ? []
        : [
            atMost(`exec among ${last.count} pods, against ${first.count}`, last.ours, first.ours, 1.2),
            atMost(`ip netns exec among ${last.count} pods, against ${first.count}`, last.ip, first.ip),
          ];
    return {
      series: measured.flatMap(({ series }) => series),
      comparisons: [...measured.flatMap(({ comparisons }) => comparisons), ...growth],
      notes: [`a lab of ${labPods} pods; the others are bare namespaces with their host names`],
    };
  },
};

interface Measured {
  readonly count: number;
  readonly ours: Series;
  readonly ip: Series;
  readonly series: readonly Series[];
  readonly comparisons: readonly Comparison[];
}

function among(count: number, rounds: number): Measured {
  const others = Array.from({ length: count - labPods }, (_, at) => `other-${at}`);
  createNetns(others.map((name) => ({ name, hostname: name })));
  once([netloom, "up", "--no-test", "--file", writeLab(labPods)]);
  quiet();

  const pod = "vm-001-ns05";
  const netns = `${labName}-${pod}`;
  const commands = {
    "netloom exec": [netloom, "exec", pod, "--", "true"],
    "empty Bun program": [empty],
    "empty, netloom's flags": [emptyAlike],
    true: ["true"],
    nsenter: ["nsenter", `--net=/run/netns/${netns}`, `--uts=/run/utsns/${netns}`, "true"],
    "ip netns exec": ["ip", "netns", "exec", netns, "true"],
  };
  interleave(3, Object.values(commands));
  const samples = interleave(rounds, Object.values(commands));
  const series = Object.keys(commands).map((label, at): Series => {
    const values = (samples[at] ?? []).map(({ seconds }) => seconds * 1000);
    return { label: `${label}, ${count} pods`, unit: "ms", values };
  });

  once([netloom, "down", labName]);
  if (others.length > 0) once(ipDown(others));
  quiet();

  const [ours, bare, alike, nothing, nsenter, ip] = series;
  if (!ours || !bare || !alike || !nothing || !nsenter || !ip) throw new Error("a command was not measured");
  const comparisons = [
    atMost(`exec among ${count} pods`, ours, plus("empty Bun program + true", bare, nothing), 1.4),
    atMost(`exec among ${count} pods`, ours, plus("empty, netloom's flags, + true", alike, nothing)),
    atMost(`exec among ${count} pods`, ours, { ...nsenter, label: "nsenter" }),
    atMost(`exec among ${count} pods`, ours, { ...ip, label: "ip netns exec" }),
  ];
  return { count, ours, ip, series, comparisons };
}
