/** host-local called by itself, as a process: ours and the reference's on one folder. */
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { debian, ours, reference } from "./plugin-folders.ts";

/** A namespace, for what looks whether CNI_NETNS is there. Kernel tests have a `/run` of their own. */
export const netns = "/run/netns/ipam";
mkdirSync("/run/netns", { recursive: true });
Bun.spawnSync(["ip", "netns", "add", "ipam"]);

export interface IpamCall {
  readonly command: "ADD" | "DEL" | "CHECK" | "STATUS" | "GC";
  readonly id: string;
  readonly conf: Readonly<Record<string, unknown>>;
  /** Words before the executable. */
  readonly under?: readonly string[];
}

export interface IpamAnswer {
  readonly code: number;
  readonly addresses: readonly string[];
  readonly message: string;
}

/** Our executable by that name. */
export const own = ours === undefined ? undefined : join(ours.path, "host-local");
/** Those that are there: Debian's, and the newest. */
export const others = [debian, reference].flatMap((folder) =>
  folder === undefined ? [] : [join(folder.path, "host-local")],
);

export function confFor(dataDir: string, ...subnets: readonly string[]): IpamCall["conf"] {
  const ranges = subnets.map((subnet) => [{ subnet }]);
  return { cniVersion: "1.0.0", name: "n1", type: "host-local", ipam: { type: "host-local", dataDir, ranges } };
}

/** Calls and waits. */
export async function call(executable: string, { command, id, conf, under = [] }: IpamCall): Promise<IpamAnswer> {
  const child = Bun.spawn([...under, executable], {
    env: {
      PATH: process.env["PATH"] ?? "",
      CNI_COMMAND: command,
      CNI_CONTAINERID: id,
      CNI_NETNS: netns,
      CNI_IFNAME: "eth0",
      CNI_PATH: "/nowhere",
    },
    stdin: new TextEncoder().encode(JSON.stringify(conf)),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  const code = await child.exited;
  const said =
    stdout.trim() === "" ? {} : (JSON.parse(stdout) as { ips?: { address: string }[]; msg?: string; details?: string });
  return {
    code,
    addresses: (said.ips ?? []).map(({ address }) => address.slice(0, address.indexOf("/"))),
    message: [said.msg, said.details, stderr.trim()].filter(Boolean).join("; "),
  };
}

/** Does all of the jobs, `width` at a time. */
export async function inParallel<T>(width: number, jobs: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < jobs.length; at = next++) {
      const job = jobs[at];
      if (job !== undefined) results[at] = await job();
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

/** The reservations on the disk, as anybody sees them: address and content. */
export function onDisk(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder).filter((name) => /^[\da-f]+[.:]/.test(name));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
