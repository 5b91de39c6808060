import type { LinkFact } from "../change/index.ts";
import type { Kernel } from "../kernel/index.ts";
import { switchProblems } from "./switch-problems.ts";
import { leastMtus, mainOf, networksOn, tunnelsOn } from "./topology.ts";
import type { Mtus, NodeSpec, PodSpec, Topology } from "./topology.ts";

/** How a member is: as it shall be, there but not in order, or not there. */
export type MemberState = "up" | "degraded" | "absent";

/** One node, pod or external, as it is. */
export interface Member {
  readonly kind: "node" | "pod" | "external";
  readonly name: string;
  /** The node it is on; itself for a node, the LAN for an external. */
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
  /** What the pods of all networks may send: the least. */
  readonly mtu: Mtus;
  /** What the pods of each network may send. */
  readonly networks: readonly { readonly name: string; readonly mtu: Mtus }[];
}

/** What is there now, beside what shall be: of all members, or of the first `most`. */
export function inspect(kernel: Kernel, topology: Topology, most = Infinity): Inspection {
  const all = membersOf(topology);
  const wanted = all.slice(0, most);
  const look = wanted.length < all.length ? lookAtSome(kernel, wanted) : lookAtAll(kernel, wanted);
  const more = switchProblems(kernel, topology);
  const members = wanted.map((each) => withProblems(memberOf(each, look), more.get(each.base.name) ?? []));
  const networks = topology.networks.map(({ name, mtu }) => ({ name, mtu }));
  return { schemaVersion: 1, name: topology.name, members, mtu: leastMtus(topology.networks), networks };
}

/** A link of a namespace, with its addresses unless told; nothing where there is none, `"absent"` where the namespace is missing. */
type Look = (netns: string, name: string, options?: { readonly addrs: boolean }) => LinkFact | "absent" | undefined;

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
  return (netns, name, options) => (there.has(netns) ? kernel.link(netns, name, options) : "absent");
}

function namespacesOf(members: readonly Placed[]): string[] {
  return [...new Set(members.flatMap(({ base, port }) => [base.netns, ...(port === undefined ? [] : [port.netns])]))];
}

/** What a member shall have: its interface, whose state it is shown with, and others that matter too. */
interface Placed {
  readonly base: Pick<Member, "kind" | "name" | "node" | "netns" | "ifname" | "port">;
  readonly devices: readonly Device[];
  /** The other end of a pod's cable. */
  readonly port?: { readonly netns: string; readonly name: string };
}

interface Device {
  readonly name: string;
  readonly addrs: readonly string[];
}

/** Every node, followed by its pods; then who is outside. */
function membersOf(topology: Topology): Placed[] {
  return [
    ...topology.nodes.flatMap((node) => [placedNode(topology, node), ...node.pods.map((pod) => placedPod(node, pod))]),
    ...topology.externals.map((external): Placed => {
      const { name, netns, lan, uplinks } = external;
      const base = { kind: "external", name, node: lan, netns, ifname: mainOf(external).dev } as const;
      return { base, devices: uplinks.toReversed().map(({ dev, addrs }) => ({ name: dev, addrs })) };
    }),
  ];
}

function placedNode(topology: Topology, node: NodeSpec): Placed {
  const here = networksOn(topology, node.name);
  const bridges = here.map((each) => ({ name: each.node.bridge, addrs: each.node.gateways }));
  const tunnels = here.flatMap(({ network }) => tunnelsOn(network, node)).map((name) => ({ name, addrs: [] }));
  const uplinks = node.uplinks.map((uplink) => ({
    name: uplink.dev,
    addrs: uplink.bridge === undefined ? uplink.addrs : [],
  }));
  const devices = [...bridges, ...uplinks, ...tunnels];
  const ifname = devices[0]?.name ?? "lo";
  return { base: { kind: "node", name: node.name, node: node.name, netns: node.netns, ifname }, devices };
}

function placedPod(node: NodeSpec, { name, netns, ifname, port, addrs }: PodSpec): Placed {
  const base = { kind: "pod", name, node: node.name, netns, ifname, ...(port === undefined ? {} : { port }) } as const;
  const cable = port === undefined ? {} : { port: { netns: node.netns, name: port } };
  return { base, devices: [{ name: ifname, addrs }], ...cable };
}

function memberOf({ base, devices, port }: Placed, look: Look): Member {
  const link = look(base.netns, base.ifname);
  if (link === "absent") return { ...base, state: "absent", problems: ["its namespace is missing"], addrs: [] };
  if (link === undefined) return { ...base, state: "degraded", problems: [`${base.ifname} is missing`], addrs: [] };
  const problems = [
    ...devices.flatMap((device) => problemsOf(device, look(base.netns, device.name))),
    ...(port === undefined ? [] : portProblems(base, look(port.netns, port.name, { addrs: false }))),
  ];
  return {
    ...base,
    state: problems.length === 0 ? "up" : "degraded",
    problems,
    ...(link.mac === undefined ? {} : { mac: link.mac }),
    addrs: addrsOf(link),
    mtu: link.mtu,
  };
}

function withProblems(member: Member, more: readonly string[]): Member {
  if (more.length === 0 || member.state === "absent") return member;
  return { ...member, state: "degraded", problems: [...member.problems, ...more] };
}

function problemsOf({ name, addrs }: Device, link: LinkFact | "absent" | undefined): readonly string[] {
  if (typeof link !== "object") return [`${name} is missing`];
  // A link-local one that was given looks like the kernel's own.
  const there = new Set<string>(link.addrs.map(({ prefix }) => prefix));
  const missing = addrs.filter((address) => !there.has(address)).map((address) => `${address} is missing`);
  return [...(link.up ? [] : [`${name} is down`]), ...missing];
}

function portProblems({ node, port }: Placed["base"], link: LinkFact | "absent" | undefined): readonly string[] {
  if (typeof link !== "object") return [`port ${port} is missing on ${node}`];
  return link.up ? [] : [`port ${link.name} on ${node} is down`];
}

const addrsOf = ({ addrs }: LinkFact): string[] =>
  addrs.filter(({ fromKernel }) => !fromKernel).map(({ prefix }) => prefix);
