import { readdirSync } from "node:fs";
import { load } from "../src/lab/index.ts";
import type { Benchmark } from "./_harness/benchmark.ts";
import { ipRequests } from "./_harness/ip-requests.ts";
import { ipDown, ipForms, ipUp } from "./_harness/ip-up.ts";
import { writeLab } from "./_harness/lab-file.ts";
import { memory as field } from "./_harness/machine.ts";
import { type Series, alone, atMost } from "./_harness/measure.ts";
import { netloom } from "./_harness/programs.ts";
import { quiet } from "./_harness/quiet.ts";
import { once } from "./_harness/spawn.ts";

/** What a pod costs while it is there, and what making it costs for a moment. */
export const memory: Benchmark = {
  name: "memory",
  title: "Memory and processes",
  run: ({ quick }) => {
    const count = quick ? 30 : 1000;
    const file = writeLab(count);
    const lab = load(file);
    const requests = ipRequests(lab.wish);
    const names = lab.wish.namespaces.map(({ name }) => name);
    const peaks: number[] = [];
    const ours: Held[] = [];
    const peers: Held[] = [];
    // The first one fills caches that stay.
    for (let round = -1; round < (quick ? 1 : 3); round++) {
      const own = held(() => peaks.push(once([netloom, "up", "--no-test", "--file", file]).peakMiB));
      once([netloom, "down", lab.name]);
      const ip = held(() => ipUp(requests, ipForms[0]));
      once(ipDown(names));
      if (round < 0) continue;
      ours.push(own);
      peers.push(ip);
    }
    const perPod = (label: string, all: readonly Held[], of: keyof Held): Series => ({
      label,
      unit: "MiB",
      values: all.map((each) => each[of] / count),
    });
    const whole = perPod("netloom, per pod", ours, "held");
    const ipWhole = perPod("ip -batch", peers, "held");
    const kernel = perPod("netloom, per pod, slab and per-CPU", ours, "kernel");
    const ipKernel = perPod("ip -batch, per pod, slab and per-CPU", peers, "kernel");
    const processes: Series = {
      label: "processes left",
      unit: "processes",
      values: ours.map((each) => each.processes),
    };
    const peak: Series = { label: "peak of up", unit: "MiB", values: peaks };
    return {
      series: [whole, ipWhole, kernel, ipKernel, processes, peak],
      comparisons: [
        alone(`memory per pod, of ${count}`, whole, 0.35),
        atMost(`memory per pod, of ${count}`, whole, ipWhole),
        atMost("slab and per-CPU memory of it", kernel, { ...ipKernel, label: "ip -batch" }),
        alone(`processes left by up of ${count} pods`, processes, 0),
        alone(`peak resident memory of up, ${count} pods`, peak),
      ],
      notes: [
        "memory is what /proc/meminfo shows as neither free nor a process's nor a cache of files; /run counts",
        "a namespace that others make or delete meanwhile counts too",
      ],
    };
  },
};

/** MiB that are gone, and processes that have come, when something was made. */
interface Held {
  readonly held: number;
  readonly kernel: number;
  readonly processes: number;
}

function held(make: () => void): Held {
  const before = now();
  make();
  const after = now();
  return {
    held: after.held - before.held,
    kernel: after.kernel - before.kernel,
    processes: after.processes - before.processes,
  };
}

function now(): Held {
  quiet();
  Bun.gc(true);
  // The kernel goes on freeing for seconds.
  Bun.sleepSync(5000);
  const others = field("MemFree") + field("AnonPages") + field("Cached") - field("Shmem") + field("Buffers");
  return {
    held: (field("MemTotal") - others) / 1024,
    kernel: (field("Slab") + field("Percpu")) / 1024,
    processes: readdirSync("/proc").filter((name) => /^\d+$/.test(name)).length,
  };
}
