import type { LinkFact } from "../change/index.ts";
import type { Kernel } from "../kernel/index.ts";
import { switchProblems } from "./switch-problems.ts";
import { leastMtus, mainOf, networksOn, tunnelsOn } from "./topology.ts";
import type { Mtus, NetworkNode, NodeSpec, PodNetwork, PodSpec, Topology, Uplink } from "./topology.ts";
import type { IfName } from "../values/index.ts";

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
  return [...new Set(members.flatMap(({ base, cables }) => [base.netns, ...cables.map(({ netns }) => netns)]))];
}

/** What a member shall have: its interface, whose state it is shown with, and others that matter too. */
interface Placed {
  readonly base: Pick<Member, "kind" | "name" | "node" | "netns" | "ifname" | "port">;
  readonly devices: readonly Device[];
  /** The other ends of its cables, and the switches of LANs that they are in. */
  readonly cables: readonly FarEnd[];
}

interface Device {
  readonly name: string;
  readonly addrs: readonly string[];
  /** The bridge that it shall be a port of. */
  readonly bridge?: IfName;
}

interface FarEnd {
  readonly netns: string;
  readonly name: string;
  readonly is: "port" | "switch";
  /** Whose it is, in words. */
  readonly at: string;
  readonly bridge?: IfName;
}

/** Every node, followed by its pods; then who is outside. */
function membersOf(topology: Topology): Placed[] {
  return [
    ...topology.nodes.flatMap((node) => [
      placedNode(topology, node),
      ...networksOn(topology, node.name).flatMap(({ network, node: own }) =>
        own.pods.map((pod) => placedPod(network, own, pod)),
      ),
    ]),
    ...topology.externals.map((external): Placed => {
      const { name, netns, lan, uplinks } = external;
      const base = { kind: "external", name, node: lan, netns, ifname: mainOf(external).dev } as const;
      const devices = uplinks.toReversed().map(({ dev, addrs }) => ({ name: dev, addrs }));
      return { base, devices, cables: farEndsOf(topology, uplinks) };
    }),
  ];
}

function placedNode(topology: Topology, node: NodeSpec): Placed {
  const here = networksOn(topology, node.name);
  const bridges = here.map((each) => ({ name: each.node.bridge, addrs: each.node.gateways }));
  const tunnels = here.flatMap(({ network }) => tunnelsOn(network, node)).map((name) => ({ name, addrs: [] }));
  const linux = new Set(here.flatMap(({ network, node: own }) => linuxBridge(network, own) ?? []));
  const uplinks = node.uplinks.map(({ dev, addrs, bridge }) => ({
    name: dev,
    addrs: bridge === undefined ? addrs : [],
    ...(bridge !== undefined && linux.has(bridge) && { bridge }),
  }));
  const devices = [...bridges, ...uplinks, ...tunnels];
  const ifname = devices[0]?.name ?? "lo";
  const base = { kind: "node", name: node.name, node: node.name, netns: node.netns, ifname } as const;
  return { base, devices, cables: farEndsOf(topology, node.uplinks) };
}

function placedPod(network: PodNetwork, node: NetworkNode, { name, netns, ifname, port, addrs }: PodSpec): Placed {
  const base = { kind: "pod", name, node: node.name, netns, ifname, ...(port === undefined ? {} : { port }) } as const;
  const bridge = linuxBridge(network, node);
  const end = { netns: node.netns, is: "port", at: node.name, ...(bridge && { bridge }) } as const;
  return { base, devices: [{ name: ifname, addrs }], cables: port === undefined ? [] : [{ ...end, name: port }] };
}

/** Whose ports are known by their master. */
function linuxBridge({ driver }: PodNetwork, { bridge }: NetworkNode): IfName | undefined {
  return driver.kind === "bridge" ? bridge : undefined;
}

function farEndsOf({ lans, fabric: netns }: Topology, uplinks: readonly Uplink[]): readonly FarEnd[] {
  return uplinks.flatMap(({ lan, port }): FarEnd[] => {
    const bridge = lans.find(({ name }) => name === lan)?.bridge;
    if (port === undefined || bridge === undefined) return [];
    const at = `LAN ${lan}`;
    return [
      { netns, name: port, is: "port", at, bridge },
      { netns, name: bridge, is: "switch", at },
    ];
  });
}

function memberOf({ base, devices, cables }: Placed, look: Look): Member {
  const link = look(base.netns, base.ifname);
  if (link === "absent") return { ...base, state: "absent", problems: ["its namespace is missing"], addrs: [] };
  if (link === undefined) return { ...base, state: "degraded", problems: [`${base.ifname} is missing`], addrs: [] };
  const problems = [
    ...devices.flatMap((device) => problemsOf(device, look(base.netns, device.name))),
    ...cables.flatMap((end) => farProblems(end, look(end.netns, end.name, { addrs: false }))),
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

function problemsOf({ name, addrs, bridge }: Device, link: LinkFact | "absent" | undefined): readonly string[] {
  if (typeof link !== "object") return [`${name} is missing`];
  // A link-local one that was given looks like the kernel's own.
  const there = new Set<string>(link.addrs.map(({ prefix }) => prefix));
  const missing = addrs.filter((address) => !there.has(address)).map((address) => `${address} is missing`);
  return [...(link.up ? [] : [`${name} is down`]), ...outside(name, bridge, link), ...missing];
}

function farProblems({ is, at, name, bridge }: FarEnd, link: LinkFact | "absent" | undefined): readonly string[] {
  if (typeof link !== "object") return [`${is} ${name} is missing on ${at}`];
  const what = `${is} ${link.name} on ${at}`;
  return [...(link.up ? [] : [`${what} is down`]), ...outside(what, bridge, link)];
}

function outside(what: string, bridge: IfName | undefined, { master }: LinkFact): readonly string[] {
  return bridge === undefined || master === bridge ? [] : [`${what} is not in ${bridge}`];
}

const addrsOf = ({ addrs }: LinkFact): string[] =>
  addrs.filter(({ fromKernel }) => !fromKernel).map(({ prefix }) => prefix);
