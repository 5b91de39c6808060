/** What the tests of bad days share: small labs, a kernel that fails on cue, and a picture of the whole host. */
import { readFileSync, readdirSync } from "node:fs";
import type { Op } from "../../src/change/index.ts";
import { OpError, RealKernel, type RunOptions } from "../../src/kernel/index.ts";
import { type Lab, LabError, type LabInput, stateRoot } from "../../src/lab/index.ts";
import { pinState } from "../../src/netns/index.ts";

/** Two nodes with two pods each, joined by VXLAN over IPv4 and dual-stack. */
export const overlay = {
  name: "bad",
  nodes: { count: 2, name: "n%d" },
  pods: { count: 2, name: "<node>p%d" },
  addresses: { ipv4: "172.16.0.0/16/24", ipv6: "1000::1:0.0.0.0" },
  network: { join: { kind: "vxlan", over: "ipv4" } },
} satisfies LabInput;

/** One node with two pods, nothing more. */
export const small = {
  name: "bad",
  nodes: { count: 1, name: "n%d" },
  pods: { count: 2, name: "<node>p%d" },
} satisfies LabInput;

/** The real kernel, of which each op goes through `before`, with its number over all runs: it may throw, or end the process. */
export class FaultyKernel extends RealKernel {
  readonly #before: (at: number, op: Op) => void;
  #at = 0;

  constructor(before: (at: number, op: Op) => void) {
    super();
    this.#before = before;
  }

  override run(ops: readonly Op[], options: RunOptions = {}): void {
    const before = (index: number): void => {
      this.#before(this.#at++, ops[index] as Op);
      options.before?.(index);
    };
    super.run(ops, { before });
  }
}

/** A kernel that refuses one op, the first time that it comes to it; what undoes the others it does. */
export function refusingAt(at: number): FaultyKernel {
  let refused = false;
  return new FaultyKernel((now, op) => {
    if (refused || now !== at) return;
    refused = true;
    throw new OpError("refused", 0, op, "not today", { done: [] });
  });
}

function words(...command: readonly string[]): string {
  const run = Bun.spawnSync([...command], { stdin: "ignore", stderr: "pipe" });
  if (!run.success) throw new Error(`${command.join(" ")}: ${run.stderr.toString()}`);
  return run.stdout.toString();
}

function list(path: string): readonly string[] {
  try {
    return readdirSync(path).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** What `ip` says of one namespace (ours, if none is named), less what changes by itself. */
function dump(netns: string | undefined): readonly string[] {
  const place = netns === undefined ? [] : ["-n", netns];
  const text = [
    "link",
    "address",
    "route show table all",
    "-6 route show table all",
    "neigh show nud all",
    "rule",
    "-6 rule",
  ]
    .map((what) => words("ip", ...place, "-j", "-d", ...what.split(" ")))
    .join("\n");
  const changing =
    /"(?:valid_life_time|preferred_life_time|used|confirmed|updated|probes|refcnt|tx_packets|expires|hello_timer|gc_timer|tcn_timer|topology_change_timer)":[-\d.]+,?/g;
  return text.replaceAll(changing, "").split("\n");
}

/** The whole host as `ip` and the file system tell it: of all namespaces, mounts, pins and labs. */
export function host(): unknown {
  const pinned = list("/run/netns");
  return {
    own: dump(undefined),
    pinned: Object.fromEntries(pinned.map((name) => [name, pinState(name) === "pinned" ? dump(name) : "no namespace"])),
    uts: list("/run/utsns"),
    labs: list(stateRoot()),
    mounts: readFileSync("/proc/self/mountinfo", "utf8")
      .split("\n")
      .map((line) => line.replace(/^\d+ \d+ /, "").replaceAll(/(?:shared|master):\d+/g, "")),
  };
}

/** The rejection as a LabError; anything else fails the test. */
export async function labErrorFrom(doing: Promise<unknown>): Promise<LabError> {
  try {
    await doing;
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** Everybody reaches whom he shall: for labs in which nobody is kept apart, so that answers end the wait. */
export async function reaches(lab: Lab): Promise<boolean> {
  const { summary } = await lab.test({ timeoutMs: 10_000 });
  return summary.failed === 0 && summary.ok > 0;
}
