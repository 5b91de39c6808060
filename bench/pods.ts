import { type Lab, load } from "../src/lab/index.ts";
import type { Benchmark, Outcome } from "./_harness/benchmark.ts";
import { type IpRequests, ipRequests } from "./_harness/ip-requests.ts";
import { ipDown, ipForms, ipShellUp, ipUp } from "./_harness/ip-up.ts";
import { writeLab } from "./_harness/lab-file.ts";
import { type Comparison, type Series, atMost, fastest, plus, scaled, timesFaster } from "./_harness/measure.ts";
import { type MininetRun, mininet } from "./_harness/mininet.ts";
import { netloom } from "./_harness/programs.ts";
import { quiet } from "./_harness/quiet.ts";
import { once } from "./_harness/spawn.ts";

/** Pods on one node's bridge, both families, default routes: from nothing to up. */
export const pods: Benchmark = {
  name: "pods",
  title: "Pods on one node's bridge, up",
  run: async ({ quick }) => {
    const few = await measure(quick ? 10 : 100, quick ? 2 : 5);
    const many = await measure(quick ? 30 : 1000, quick ? 1 : 3);
    const peers = await slowPeers(few, many, quick ? 1 : 3);
    return {
      series: [...few.series, ...many.series, ...peers.series],
      comparisons: [...few.comparisons, ...many.comparisons, ...peers.comparisons],
      notes: [...few.notes, ...many.notes, ...peers.notes],
    };
  },
};

interface Measured extends Outcome {
  readonly count: number;
  readonly up: Series;
  readonly down: Series;
}

/** netloom as a process, netloom's API, and each form of `ip -batch`, in turn. */
async function measure(count: number, rounds: number): Promise<Measured> {
  const file = writeLab(count);
  const lab = load(file);
  const requests = ipRequests(lab.wish);
  const named = (label: string): { label: string; unit: "s"; values: number[] } => ({ label, unit: "s", values: [] });
  const up = named(`netloom up, ${count} pods`);
  const down = named(`netloom down, ${count} pods`);
  const api = named(`API up, ${count} pods`);
  const cpu = named(`netloom up, ${count} pods, processor time`);
  const kernel = named("netloom, of it in the kernel");
  const forms = ipForms.map((form) => ({
    form,
    series: named(form.label),
    cpu: named(`${form.label}, processor time`),
  }));
  const notes: string[] = [];
  for (let round = 0; round < rounds; round++) {
    quiet();
    const made = once([netloom, "up", "--no-test", "--file", file]);
    up.values.push(made.seconds);
    cpu.values.push(made.cpuSeconds);
    kernel.values.push(made.kernelSeconds);
    quiet();
    down.values.push(once([netloom, "down", lab.name]).seconds);
    quiet();
    api.values.push(await apiUp(lab));
    for (const { form, series, cpu: spent } of forms) {
      quiet();
      const sample = ipUp(requests, form);
      series.values.push(sample.seconds);
      spent.values.push(sample.cpuSeconds);
      if (round === 0 && form === ipForms[0]) notes.push(difference(lab, count));
      ipGone(requests);
    }
  }
  const [first, ...others] = forms.map(({ series }) => series);
  const [firstCpu, ...otherCpus] = forms.map((each) => each.cpu);
  if (first === undefined || firstCpu === undefined) throw new Error("there is no form of ip -batch");
  const comparisons = [
    atMost(`${count} pods up`, up, fastest([first, ...others]), 1),
    atMost(`${count} pods up, by the API in a running process`, api, fastest([first, ...others])),
    ...[first, ...others].map((form) => atMost(`${count} pods up, against each form of ip`, up, form)),
    atMost(`${count} pods up, processor time`, cpu, fastest([firstCpu, ...otherCpus])),
    atMost(`${count} pods up, processor time`, cpu, kernel),
  ];
  const series = [up, down, api, cpu, kernel, ...forms.flatMap((each) => [each.series, each.cpu])];
  return { count, up, down, series, comparisons, notes };
}

/** Seconds of `lab.up()`; loading and planning the file is done before. */
async function apiUp(lab: Lab): Promise<number> {
  const from = performance.now();
  await lab.up();
  const to = performance.now();
  await lab.down();
  return (to - from) / 1000;
}

/** What netloom would still change in what `ip` made: the proof that both do the same. */
function difference(lab: Lab, count: number): string {
  const { ops } = lab.plan();
  const kinds = [...new Set(ops.map((op) => op.do))].join(", ");
  return `${count} pods made by ip: netloom finds ${ops.length === 0 ? "nothing" : `${ops.length} (${kinds})`} to change`;
}

function ipGone({ node, pods: all }: IpRequests): void {
  once(ipDown([node, ...all].map(({ netns }) => netns)));
}

/** A shell loop and mininet, at the small size only; the large one is reckoned from it, which flatters both. */
async function slowPeers(few: Measured, many: Measured, rounds: number): Promise<Outcome> {
  const requests = ipRequests(load(writeLab(few.count)).wish);
  const shellTimes: number[] = [];
  const runs: MininetRun[] = [];
  for (let round = 0; round < rounds; round++) {
    quiet();
    shellTimes.push(ipShellUp(requests));
    ipGone(requests);
    quiet();
    runs.push(await mininet(few.count));
  }
  const series = (label: string, values: readonly number[]): Series => ({ label, unit: "s", values });
  const shell = series("shell loop of ip", shellTimes);
  const start = series(
    "mn start",
    runs.map((run) => run.start),
  );
  const whole = series(
    "mn start and stop",
    runs.map((run) => run.whole),
  );
  const own = series(
    "mn, its own figure",
    runs.map((run) => run.own),
  );
  const factor = many.count / few.count;
  const ours = [few, many].map((each) => plus("up and down", each.up, each.down));
  const comparisons = [few, many].flatMap((each, at): Comparison[] => {
    const grown = (peer: Series): Series => (at === 0 ? peer : scaled(`${peer.label} (reckoned)`, peer, factor));
    return [
      timesFaster(`${each.count} pods up`, each.up, grown(shell), 20),
      timesFaster(`${each.count} pods up`, each.up, grown(start), 20),
      timesFaster(`${each.count} pods up and down`, ours[at] ?? each.up, grown(whole), 20),
      timesFaster(`${each.count} pods up and down`, ours[at] ?? each.up, grown(own), 20),
    ];
  });
  const notes = [`${many.count} pods by the shell loop and by mininet are ${factor} times their ${few.count}`];
  return { series: [shell, start, whole, own], comparisons, notes };
}
