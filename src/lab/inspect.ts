import type { LinkFact, NetnsFacts } from "../change/index.ts";
import type { Kernel } from "../kernel/index.ts";
import type { NodeSpec, PodSpec, Topology } from "./topology.ts";

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
  readonly mtu: Topology["mtu"];
}

/** What is there now, beside what shall be: of all members, or of the first `most`. */
export function inspect(kernel: Kernel, topology: Topology, most = Infinity): Inspection {
  const wanted = membersOf(topology).slice(0, most);
  const names = new Set(wanted.flatMap(({ node, pod }) => [node.netns, ...(pod === undefined ? [] : [pod.netns])]));
  const facts = kernel.facts({ namespaces: [...names], depth: "links" });
  const links = new Map([...facts].map(([name, netns]) => [name, new Map(netns.links.map((one) => [one.name, one]))]));
  const members = wanted.map(({ node, pod }): Member => {
    if (pod === undefined) {
      const base = { kind: "node" as const, name: node.name, node: node.name, netns: node.netns, ifname: node.bridge };
      return member(base, facts.get(node.netns), node.gateways);
    }
    const cable = { ifname: pod.ifname, port: pod.port };
    const base = { kind: "pod" as const, name: pod.name, node: node.name, netns: pod.netns, ...cable };
    return member(base, facts.get(pod.netns), pod.addrs, links.get(node.netns)?.get(pod.port));
  });
  return { schemaVersion: 1, name: topology.name, members, mtu: topology.mtu };
}

/** Every node, followed by its pods. */
function membersOf({ nodes }: Topology): { readonly node: NodeSpec; readonly pod?: PodSpec }[] {
  return nodes.flatMap((node) => [{ node }, ...node.pods.map((pod) => ({ node, pod }))]);
}

type Base = Pick<Member, "kind" | "name" | "node" | "netns" | "ifname" | "port">;

function member(base: Base, facts: NetnsFacts | undefined, wanted: readonly string[], port?: LinkFact): Member {
  if (facts === undefined) return { ...base, state: "absent", problems: ["its namespace is missing"], addrs: [] };
  const link = facts.links.find(({ name }) => name === base.ifname);
  if (link === undefined) return { ...base, state: "degraded", problems: [`${base.ifname} is missing`], addrs: [] };
  const addrs = link.addrs.filter(({ fromKernel }) => !fromKernel).map(({ prefix }) => prefix as string);
  const problems = [
    ...(link.up ? [] : [`${base.ifname} is down`]),
    ...(base.kind === "pod" && port === undefined ? [`port ${base.port} is missing on ${base.node}`] : []),
    ...(port !== undefined && !port.up ? [`port ${port.name} on ${base.node} is down`] : []),
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
