import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import type { Benchmark } from "./_harness/benchmark.ts";
import { type Comparison, type Series, alone, atMost, timesFaster } from "./_harness/measure.ts";
import { scriptDown, scriptOf, scriptSteps } from "./_harness/netns-script.ts";
import { empty, must, netloom } from "./_harness/programs.ts";
import { quiet } from "./_harness/quiet.ts";
import { type Command, interleave, once, scratch } from "./_harness/spawn.ts";

/** The same steps, in the order of the script's. */
const steps: readonly (readonly string[])[] = [
  ["create"],
  ["veth"],
  ["assign_addresses"],
  ["tcase_linux_bridge"],
  ["set_default_route", "--bridge=br0"],
];
const program = `${scratch}/netns_test`;

/** Pods on a real node by `netns_test`, beside a script of `ip` commands; and what each command costs for one pod. */
export const netnsTest: Benchmark = {
  name: "netns-test",
  title: "netns_test: pods on the node itself",
  run: ({ quick }) => {
    mkdirSync(scratch, { recursive: true });
    rmSync(program, { force: true });
    symlinkSync(netloom, program);
    must(["hostname", "vm-001"]);
    const many = quick ? manyPods(20, 1) : manyPods(200, 5);
    const one = onePod(quick ? 5 : 100);
    return {
      series: [...many.series, ...one.series],
      comparisons: [...many.comparisons, ...one.comparisons],
      notes: [
        "each step is a process of its own; the script's are one shell each, with its functions written as upstream's, and nothing started to reckon addresses",
        "one pod: everything is there already, so a command loads, asks and finds nothing to do",
      ],
    };
  },
};

interface Measured {
  readonly series: readonly Series[];
  readonly comparisons: readonly Comparison[];
}

/** `netns_test` with so many pods. */
function command(pods: number, words: readonly string[]): Command {
  return ["-e", `NPODS=${pods}`, "-e", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", program, ...words];
}

function manyPods(pods: number, rounds: number): Measured {
  const scripts = scriptSteps.map((step): Command => {
    const path = `${scratch}/${step.name}.sh`;
    writeFileSync(path, scriptOf(step, pods));
    return ["sh", path];
  });
  const down = `${scratch}/down.sh`;
  writeFileSync(down, scriptDown(pods));
  const ours = steps.map((): number[] => []);
  const peers = steps.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    quiet();
    steps.forEach((words, at) => ours[at]?.push(once(command(pods, words)).seconds));
    must([program, "delete", "--all"]);
    quiet();
    scripts.forEach((words, at) => peers[at]?.push(once(words).seconds));
    must(["sh", down]);
  }
  const sums = (rows: readonly (readonly number[])[]): number[] =>
    Array.from({ length: rounds }, (_, round) => rows.reduce((sum, row) => sum + (row[round] ?? Number.NaN), 0));
  const series = (label: string, values: readonly number[]): Series => ({ label, unit: "s", values });
  const all = [
    series("netns_test, five commands", sums(ours)),
    series("a script of ip commands", sums(peers)),
  ] as const;
  const each = steps.map((words, at) => {
    const name = words[0] ?? "";
    return [series(`netns_test ${name}`, ours[at] ?? []), series(`script: ${name}`, peers[at] ?? [])] as const;
  });
  return {
    series: [...all, ...each.flat()],
    comparisons: [
      timesFaster(`${pods} pods: create, veth, addresses, bridge, routes`, ...all, 20),
      ...each.map(([own, peer]) => atMost(`${pods} pods: ${own.label}`, own, peer)),
    ],
  };
}

function onePod(rounds: number): Measured {
  quiet();
  for (const words of steps) once(command(1, words));
  const words = [...steps, ["list"], ["status"], ["exec", "vm-001-ns01", "true"], ["name"]];
  const commands = [[empty], ...words.map((some) => command(1, some))];
  interleave(3, commands);
  const [bare = [], ...samples] = interleave(rounds, commands);
  const inMs = (label: string, of: typeof bare): Series => ({
    label,
    unit: "ms",
    values: of.map(({ seconds }) => seconds * 1000),
  });
  const peer = inMs("empty Bun program", bare);
  const series = words.map((some, at) => inMs(`netns_test ${some[0]}`, samples[at] ?? []));
  must([program, "delete", "--all"]);
  const comparisons = series.map((own) => atMost(`one pod: ${own.label}`, own, peer, 1.5));
  return { series: [peer, ...series], comparisons: [...comparisons, alone("empty Bun program", peer)] };
}
