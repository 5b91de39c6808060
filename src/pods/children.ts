import type { LinkFact, LinkSpec, Op } from "../change/index.ts";
import type { Kernel } from "../kernel/index.ts";
import { type IfName, shortIfName } from "../values/index.ts";
import { PodsError } from "./error.ts";
import { type Job, NODE } from "./job.ts";
import { requireLink, upOps } from "./link.ts";
import { OWNER, isOurs } from "./owner.ts";
import { requirePods } from "./pins.ts";
import { freshSysctlOps, hasIpv6, sysctlOps, undetected } from "./sysctls.ts";

/** How pods share a device of the node: as further devices with its MAC address (ipvlan) or each with its own (macvlan). */
export type Sharing =
  | { readonly kind: "ipvlan"; readonly mode: "l2" | "l3" | "l3s"; readonly flags: "bridge" | "private" | "vepa" }
  | { readonly kind: "macvlan"; readonly mode: "bridge" | "private" | "vepa" | "passthru" };

export interface ChildrenOptions {
  readonly ifname: (pod: IfName) => IfName;
  /** Bytes; the master's if absent. */
  readonly mtu?: number;
}

/** The node's own child: it is what reaches the pods from the node, and for it to bring up. */
export function nodeChild(kind: Sharing["kind"], master: string): IfName {
  return shortIfName(`${kind}-${master}`);
}

function child(name: IfName, sharing: Sharing, lower: IfName): LinkSpec {
  const common = { name, lower };
  return sharing.kind === "ipvlan"
    ? { ...common, kind: "ipvlan", data: { mode: sharing.mode, flags: sharing.flags } }
    : { ...common, kind: "macvlan", data: { mode: sharing.mode } };
}

/**
 * Whether a link is what shall be there. @throws {PodsError} `conflict` where something else has its name
 */
function isThere(link: LinkFact | undefined, where: string, sharing: Sharing): link is LinkFact {
  if (link === undefined) return false;
  if (link.kind !== sharing.kind) {
    throw new PodsError(
      "conflict",
      `${where} has a ${link.kind ?? "device"} ${link.name} and shall have a ${sharing.kind} of that name`,
      "delete what is in the way, or choose another name for the pod's interface (PODIF)",
    );
  }
  const there = link.data as { readonly mode?: string; readonly flags?: string } | undefined;
  const want = sharing.kind === "ipvlan" ? `${sharing.mode} ${sharing.flags}` : sharing.mode;
  const has = sharing.kind === "ipvlan" ? `${there?.mode} ${there?.flags}` : there?.mode;
  if (has === want) return true;
  throw new PodsError(
    "conflict",
    `the ${sharing.kind} ${link.name} in ${where} has mode ${has} and shall have ${want}`,
    "delete it first, or ask for the mode it has",
  );
}

/** What the kernel refuses without a word. @throws {PodsError} `conflict`, `usage` */
function requireSharable(
  { name, mtu: most }: LinkFact,
  pods: readonly IfName[],
  { kind, mode }: Sharing,
  mtu: number | undefined,
): void {
  const what = `cannot share ${name} among pods by ${kind}`;
  if (name === "lo") throw new PodsError("conflict", `${what}: it is the loopback device`, "name another, like eth1");
  if (mode === "passthru" && pods.length > 1) {
    const hint = `name one pod (add_macvlan --mode=passthru ${name} 1), or take another mode`;
    throw new PodsError("conflict", `${what}: with passthru one pod has all of it, and these are ${pods.length}`, hint);
  }
  if (mtu !== undefined && mtu > most)
    throw new PodsError("usage", `${what} with an MTU of ${mtu}: its own is ${most}`, `ip link set ${name} mtu ${mtu}`);
}

/**
 * Gives each pod a device that shares a master of the node, which comes up; the node gets one too, which stays down until somebody
 * brings it up. @throws {PodsError} `missing`, `conflict`; {@link OpError} `unsupported` without the kernel's driver
 */
export function addChildren(
  job: Job,
  master: string,
  pods: readonly IfName[],
  sharing: Sharing,
  { ifname, mtu }: ChildrenOptions,
): void {
  const { kernel } = job;
  requirePods(kernel, pods);
  const lower = requireLink(job, master, `share ${master} among pods by ${sharing.kind}`);
  requireSharable(lower, pods, sharing, mtu);
  const ipv6 = hasIpv6(kernel, NODE, mtu ?? lower.mtu);
  const size = mtu === undefined ? {} : { mtu };
  const ops: Op[] = [...upOps(lower)];
  const late: Op[] = [];
  for (const pod of pods) {
    const name = ifname(pod);
    const link = kernel.link(pod, name, { addrs: false });
    if (isThere(link, `pod ${pod}`, sharing)) {
      late.push(...(ipv6 ? sysctlOps(kernel, pod, undetected(name)) : []), ...upIn(pod, link));
      continue;
    }
    ops.push({ do: "link.add", netns: pod, link: { ...child(name, sharing, lower.name), lowerNetns: NODE, ...size } });
    late.push(...(ipv6 ? freshSysctlOps(pod, undetected(name)) : []), ...upIn(pod, { name, up: false }));
  }
  job.run([...ops, ...ownChild(kernel, sharing, lower.name), ...late]);
}

function upIn(netns: string, { name, up }: Pick<LinkFact, "name" | "up">): Op[] {
  return up ? [] : [{ do: "link.set", netns, name, set: { up: true }, was: { up: false } }];
}

/** A passthru master belongs to its one child alone. */
function ownChild(kernel: Kernel, sharing: Sharing, lower: IfName): Op[] {
  if (sharing.mode === "passthru") return [];
  const name = nodeChild(sharing.kind, lower);
  const link = kernel.link(NODE, name, { addrs: false });
  if (isThere(link, "the node", sharing)) {
    if (isOurs(link.alias)) return [];
    return [{ do: "link.set", netns: NODE, name, set: { alias: OWNER }, was: { alias: link.alias ?? "" } }];
  }
  return [{ do: "link.add", netns: NODE, link: { ...child(name, sharing, lower), alias: OWNER } }];
}
