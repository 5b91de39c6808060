import type { LinkFact, LinkState, Op } from "../change/index.ts";
import type { Kernel } from "../kernel/index.ts";
import type { IfName } from "../values/index.ts";
import { PodsError } from "./error.ts";
import { type Job, NODE } from "./job.ts";
import { OWNER, isOurs } from "./owner.ts";
import { requirePods } from "./pins.ts";
import { LEAST_MTU6, freshSysctlOps, hasIpv6, quiet, sysctlOps } from "./sysctls.ts";

export interface VethOptions {
  /** Name of the pod's end. */
  readonly ifname: (pod: IfName) => IfName;
  /** Bytes; the kernel's default if absent. */
  readonly mtu?: number;
}

/** What has the names of a pod's two ends. */
export interface EndFacts {
  readonly outer?: LinkFact;
  readonly inner?: LinkFact;
}

/**
 * What is to be done for a pod's pair: `add` to make it, nothing, or changes of its ends.
 * @throws {PodsError} `conflict` where a name is taken by something else
 */
export function planVeth(
  pod: IfName,
  ifname: IfName,
  { outer, inner }: EndFacts,
  mtu: number | undefined,
): "add" | readonly Op[] {
  if (outer === undefined && inner === undefined) return "add";
  const isPair =
    outer?.kind === "veth" &&
    inner?.kind === "veth" &&
    outer.peerIndex === inner.index &&
    inner.peerIndex === outer.index;
  if (!isPair) throw taken(pod, ifname, { ...(outer && { outer }), ...(inner && { inner }) });
  return [...changed(NODE, outer, { alias: OWNER, mtu }), ...changed(pod, inner, { mtu })];
}

/** Both ends make no link-local address and are up. */
function changed(netns: string, link: LinkFact, { alias, mtu }: Pick<VethState, "alias" | "mtu">): Op[] {
  const set = {
    ...(alias !== undefined && !isOurs(link.alias) && { alias }),
    ...(mtu !== undefined && link.mtu !== mtu && { mtu }),
    ...(link.addrGenMode !== "none" && (mtu ?? link.mtu) >= LEAST_MTU6 && { addrGenMode: "none" as const }),
    ...(!link.up && { up: true }),
  };
  if (Object.keys(set).length === 0) return [];
  const was: LinkState = {
    ...("alias" in set && { alias: link.alias ?? "" }),
    ...("mtu" in set && { mtu: link.mtu }),
    ...("addrGenMode" in set && link.addrGenMode !== undefined && { addrGenMode: link.addrGenMode }),
    ...("up" in set && { up: false }),
  };
  return [{ do: "link.set", netns, name: link.name, set, was }];
}

interface VethState {
  readonly alias?: string | undefined;
  readonly mtu?: number | undefined;
}

function taken(pod: IfName, ifname: IfName, { outer, inner }: EndFacts): PodsError {
  const there = [
    ...(outer === undefined ? [] : [`this node has a ${outer.kind ?? "device"} ${outer.name}`]),
    ...(inner === undefined ? [] : [`the pod has a ${inner.kind ?? "device"} ${inner.name}`]),
  ];
  return new PodsError(
    "conflict",
    `cannot make the veth pair ${pod} - ${ifname} of pod ${pod}: ${there.join(" and ")}, and they are not the two ends of one pair`,
    "delete what is in the way, or choose another name for the pod's end (PODIF)",
  );
}

/** The op that makes a pair, both ends where they belong and with their final names. The pod's end is up, the node's is not yet. */
function addPair(pod: IfName, ifname: IfName, mtu: number | undefined): Op {
  const size = mtu === undefined ? {} : { mtu };
  const silent = (mtu ?? LEAST_MTU6) < LEAST_MTU6 ? {} : ({ addrGenMode: "none" } as const);
  return {
    do: "link.add",
    netns: pod,
    link: { name: ifname, kind: "veth", peer: { netns: NODE, name: pod }, up: true, ...silent, ...size },
    peer: {
      name: pod,
      kind: "veth",
      peer: { netns: pod, name: ifname },
      alias: OWNER,
      ...silent,
      ...size,
    },
  };
}

/**
 * Joins pods to this node: a veth pair each, the node's end named like the pod. Both ends have no link-local address and detect no
 * duplicates. Pairs that are there stay.
 * @throws {PodsError} `missing`, `conflict`; {@link OpError}
 */
export function veth(job: Job, pods: readonly IfName[], { ifname, mtu }: VethOptions): void {
  const { kernel } = job;
  requirePods(kernel, pods);
  const ipv6 = hasIpv6(kernel, NODE, mtu);
  const adds: Op[] = [];
  const settings: Op[] = [];
  const changes: Op[] = [];
  const ups: Op[] = [];
  for (const pod of pods) {
    const inside = ifname(pod);
    const plan = planVeth(pod, inside, readEnds(kernel, pod, inside), mtu);
    if (plan === "add") {
      adds.push(addPair(pod, inside, mtu));
      if (ipv6) settings.push(...freshSysctlOps(pod, quiet(inside)));
      if (ipv6) changes.push(...freshSysctlOps(NODE, quiet(pod)));
      ups.push({ do: "link.set", netns: NODE, name: pod, set: { up: true }, was: { up: false } });
    } else {
      changes.push(...plan);
      if (ipv6) changes.push(...sysctlOps(kernel, NODE, quiet(pod)), ...sysctlOps(kernel, pod, quiet(inside)));
    }
  }
  job.run([...adds, ...settings, ...changes, ...ups]);
}

function readEnds(kernel: Kernel, pod: IfName, ifname: IfName): EndFacts {
  const outer = kernel.link(NODE, pod, { addrs: false });
  const inner = kernel.link(pod, ifname, { addrs: false });
  return { ...(outer && { outer }), ...(inner && { inner }) };
}
