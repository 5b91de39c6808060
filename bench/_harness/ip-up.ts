import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import type { IpRequests, NamespaceRequests } from "./ip-requests.ts";
import { type Command, type Sample, scratch, together } from "./spawn.ts";

/** How `ip` gets into a pod, and how many do so at a time. */
export interface IpForm {
  readonly label: string;
  readonly enter: "ip -n" | "nsenter";
  readonly jobs: number;
}

/** Ways to do the same requests with `ip -batch`; the fastest of them is the peer. */
export const ipForms: readonly [IpForm, ...IpForm[]] = [
  { label: "ip -batch", enter: "ip -n", jobs: 1 },
  // `ip -n` copies the mount table, in which every namespace is a line; nsenter does not.
  { label: "nsenter, ip -batch", enter: "nsenter", jobs: 1 },
  { label: `nsenter, ip -batch, ${cpus().length} at a time`, enter: "nsenter", jobs: cpus().length },
];

/**
 * What it takes: one `ip -batch` for all namespaces; one in the node for the bridge and all pairs, the peers straight in
 * their pods; one per pod. Writing the batch files is not counted, nor is a shell: a C program starts the processes.
 */
export function ipUp({ node, pods }: IpRequests, { enter, jobs }: IpForm): Sample {
  const folder = `${scratch}/ip`;
  mkdirSync(folder, { recursive: true });
  const file = (name: string, lines: readonly string[]): string => {
    const path = `${folder}/${name}`;
    writeFileSync(path, lines.map((line) => `${line}\n`).join(""));
    return path;
  };
  const batch = ({ netns, lines }: NamespaceRequests): Command => {
    const path = file(netns, lines);
    return enter === "ip -n"
      ? ["ip", "-n", netns, "-batch", path]
      : ["nsenter", `--net=/run/netns/${netns}`, "ip", "-batch", path];
  };
  const names = [node, ...pods].map(({ netns }) => `netns add ${netns}`);
  const first: Command[] = [
    ["ip", "-batch", file("namespaces", names)],
    ["ip", "netns", "exec", node.netns, "sysctl", "-q", "-w", ...node.sysctls],
    batch(node),
  ];
  const rest = pods.map(batch);
  const [common, each] = [together(1, first), together(jobs, rest)];
  return {
    seconds: common.seconds + each.seconds,
    cpuSeconds: common.cpuSeconds + each.cpuSeconds,
    kernelSeconds: common.kernelSeconds + each.kernelSeconds,
    peakMiB: Math.max(common.peakMiB, each.peakMiB),
  };
}

/** Seconds of a shell script with one `ip` per request, as people write it. */
export function ipShellUp({ node, pods }: IpRequests): number {
  const path = `${scratch}/up.sh`;
  const within = ({ netns, lines }: NamespaceRequests): string[] =>
    lines.map((line) => `ip -n ${netns} ${line.replaceAll(/[^ ]*[;&|<>()$`"'*?]+[^ ]*/g, "'$&'")}`);
  const script = [
    "set -e",
    ...[node, ...pods].map(({ netns }) => `ip netns add ${netns}`),
    `ip netns exec ${node.netns} sysctl -q -w ${node.sysctls.join(" ")}`,
    ...[node, ...pods].flatMap(within),
  ];
  writeFileSync(path, script.map((line) => `${line}\n`).join(""));
  return together(1, [["sh", path]]).seconds;
}

/** Deletes namespaces by one `ip -batch`: the command, ready to be measured. */
export function ipDown(names: readonly string[]): Command {
  mkdirSync(scratch, { recursive: true });
  const path = `${scratch}/delete`;
  writeFileSync(path, names.map((name) => `netns del ${name}\n`).join(""));
  return ["ip", "-batch", path];
}
