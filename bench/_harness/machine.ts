import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { must, netloom } from "./programs.ts";

/** Where the figures come from. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  /** Of the minute before: above 1 somebody else was working. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
}

export function machine(): Machine {
  return {
    processor: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    load: loadavg()[0] ?? 0,
    versions: {
      netloom: must([netloom, "version"]).trim().replace("netloom ", ""),
      bun: Bun.version,
      iproute2: /iproute2-([\d.]+)/.exec(must(["ip", "-V"]))?.[1] ?? "unknown",
      "util-linux": /([\d.]+)\s*$/.exec(must(["nsenter", "--version"]))?.[1] ?? "unknown",
      mininet: said(["mn", "--version"]),
    },
  };
}

/** What a program says on either stream: mn prints its version as an error. */
function said(command: readonly string[]): string {
  const done = Bun.spawnSync([...command], { stdin: "ignore" });
  return `${done.stdout.toString()}${done.stderr.toString()}`.trim();
}

/** Field of /proc/meminfo, KiB. */
export function memory(field: string): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(readFileSync("/proc/meminfo", "utf8"))?.[1];
  if (found === undefined) throw new Error(`/proc/meminfo has no ${field}`);
  return Number(found);
}
