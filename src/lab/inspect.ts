import type { LinkFact } from "../change/index.ts";
import type { Kernel } from "../kernel/index.ts";
import { parseIfName } from "../values/index.ts";
import { leastMtus, networksOn } from "./topology.ts";
import type { Mtus, NodeSpec, PodSpec, Topology } from "./topology.ts";

/** How a node or pod is: as it shall be, there but not in order, or not there. */
export type MemberState = "up" | "degraded" | "absent";

/** One node or pod, as it is. */
export interface Member {
  readonly kind: "node" | "pod";
  readonly name: string;
  /** The node it is on; itself for a node. */
  readonly node: string;
  readonly netns: string;
  readonly state: MemberState;
  /** What is not in order, in words. */
  readonly problems: readonly string[];
  readonly ifname: string;
  readonly mac?: string;
  /** Addresses with prefix length that it has. */
  readonly addrs: readonly string[];
  /** Bytes. */
  readonly mtu?: number;
  /** The node's end of a pod's cable. */
  readonly port?: string;
}

export interface Inspection {
  readonly schemaVersion: 1;
  readonly name: string;
  readonly members: readonly Member[];
  /** What the pods of all networks may send. */
  readonly mtu: Mtus;
}

const loopback = parseIfName("lo");

/** What is there now, beside what shall be: of all members, or of the first `most`. */
export function inspect(kernel: Kernel, topology: Topology, most = Infinity): Inspection {
  const all = membersOf(topology);
  const wanted = all.slice(0, most);
  const look = wanted.length < all.length ? lookAtSome(kernel, wanted) : lookAtAll(kernel, wanted);
  const members = wanted.map(({ node, pod }): Member => {
    if (pod === undefined) {
      const [first] = networksOn(topology, node.name);
      const ifname = first?.node.bridge ?? node.uplinks[0]?.dev ?? loopback;
      const base = { kind: "node" as const, name: node.name, node: node.name, netns: node.netns, ifname };
      return member(base, look, first?.node.gateways ?? node.uplinks[0]?.addrs ?? []);
    }
    const cable = { ifname: pod.ifname, ...(pod.port === undefined ? {} : { port: pod.port }) };
    const base = { kind: "pod" as const, name: pod.name, node: node.name, netns: pod.netns, ...cable };
    return member(base, look, pod.addrs, pod.port === undefined ? undefined : look(node.netns, pod.port));
  });
  return { schemaVersion: 1, name: topology.name, members, mtu: leastMtus(topology.networks) };
}

/** A link of a namespace; nothing where there is none, `"absent"` where the namespace is missing. */
type Look = (netns: string, name: string) => LinkFact | "absent" | undefined;

function lookAtAll(kernel: Kernel, members: readonly Placed[]): Look {
  const facts = kernel.facts({ namespaces: namespacesOf(members), depth: "links" });
  const links = new Map(
    [...facts].map(([name, netns]) => [name, new Map<string, LinkFact>(netns.links.map((one) => [one.name, one]))]),
  );
  return (netns, name) => {
    const there = links.get(netns);
    return there === undefined ? "absent" : there.get(name);
  };
}

/** Link by link: a node may have a thousand ports that are not shown. */
function lookAtSome(kernel: Kernel, members: readonly Placed[]): Look {
  const there = kernel.owners(namespacesOf(members));
  return (netns, name) => (there.has(netns) ? kernel.link(netns, name) : "absent");
}

function namespacesOf(members: readonly Placed[]): string[] {
  return [...new Set(members.flatMap(({ node, pod }) => [node.netns, ...(pod === undefined ? [] : [pod.netns])]))];
}

interface Placed {
  readonly node: NodeSpec;
  readonly pod?: PodSpec;
}

/** Every node, followed by its pods. */
function membersOf({ nodes }: Topology): Placed[] {
  return nodes.flatMap((node) => [{ node }, ...node.pods.map((pod) => ({ node, pod }))]);
}

type Base = Pick<Member, "kind" | "name" | "node" | "netns" | "ifname" | "port">;

function member(base: Base, look: Look, wanted: readonly string[], port?: LinkFact | "absent"): Member {
  const link = look(base.netns, base.ifname);
  if (link === "absent") return { ...base, state: "absent", problems: ["its namespace is missing"], addrs: [] };
  if (link === undefined) return { ...base, state: "degraded", problems: [`${base.ifname} is missing`], addrs: [] };
  const addrs = link.addrs.filter(({ fromKernel }) => !fromKernel).map(({ prefix }) => prefix as string);
  const problems = [
    ...(link.up ? [] : [`${base.ifname} is down`]),
    ...(base.port !== undefined && typeof port !== "object" ? [`port ${base.port} is missing on ${base.node}`] : []),
    ...(typeof port === "object" && !port.up ? [`port ${port.name} on ${base.node} is down`] : []),
    ...wanted.filter((address) => !addrs.includes(address)).map((address) => `${address} is missing`),
  ];
  return {
    ...base,
    state: problems.length === 0 ? "up" : "degraded",
    problems,
    ...(link.mac === undefined ? {} : { mac: link.mac }),
    addrs,
    mtu: link.mtu,
  };
}
