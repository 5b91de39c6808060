import type { NetnsName } from "../change/index.ts";
import type { IfName, Ip, Mac, Prefix, Vni } from "../values/index.ts";

/**
 * A lab with everything worked out: names, addresses, MTUs. `resolve` makes it from the file, `plan` makes the wish
 * from it, and inspect, graph and test read it.
 */
export interface Topology {
  readonly name: string;
  /** The tag of every object: `netloom:<name>`. */
  readonly owner: string;
  readonly nodes: readonly NodeSpec[];
  readonly lans: readonly LanSpec[];
  /** Where the LANs' bridges live: a namespace that stands for the cables and switches between the nodes. */
  readonly fabric: NetnsName;
  /** Hosts on the LANs that are neither nodes nor pods. */
  readonly externals: readonly ExternalSpec[];
  /** What connects pods; one for most labs. */
  readonly networks: readonly PodNetwork[];
  readonly impairments: readonly ImpairmentSpec[];
  readonly expectations: readonly Expectation[];
}

/**
 * A network of pods: what attaches them on their nodes, and what joins the nodes. It has all that a driver and a join look
 * at; several may be on one node.
 */
export interface PodNetwork {
  /** Its own name, unique in the lab. */
  readonly name: string;
  /** The lab's name: namespaces and generated MACs begin with it. */
  readonly lab: string;
  /** The lab's tag. */
  readonly owner: string;
  /** The nodes it is on, with what it has there. */
  readonly nodes: readonly NetworkNode[];
  /** The lab's. */
  readonly lans: readonly LanSpec[];
  readonly driver: DriverSpec;
  /** What attaches the pods, with driver `cni`. */
  readonly cni?: CniSpec;
  readonly join: JoinSpec;
  /** What pods send over a LAN to others than pods gets their node's address. */
  readonly masquerade: boolean;
  /** What pods may send, bytes, per family; the smaller one is the device's where they must agree. */
  readonly mtu: Mtus;
}

/** A node as one network sees it: `pods` are those of this network alone. */
export interface NetworkNode extends NodeSpec {
  /** What its pods are attached to, or the node's own child beside them; the interface itself where that is the pod's. */
  readonly bridge: IfName;
  /**
   * The node's addresses among its pods, on that device, at most one per family: the pods' gateway where they are cabled to it.
   * None with driver `cni`: plugins give them.
   */
  readonly gateways: readonly Prefix[];
  /** The pods' networks on this node, at most one per family (empty host bits). */
  readonly podNets: readonly Prefix[];
}

/** What attaches pods on their nodes. */
export type DriverSpec =
  /** Cables to a Linux bridge on the node. */
  | { readonly kind: "bridge" }
  /** CNI plugins. */
  | { readonly kind: "cni" }
  | OvsSpec
  | ChildSpec;

/** Cables to a bridge of an Open vSwitch that each node has for itself. */
export interface OvsSpec {
  readonly kind: "ovs";
  /** Who forwards: the kernel's module, or the switch's daemon. Absent: the module where the kernel has it. */
  readonly datapath?: "system" | "netdev";
}

/** Pods whose links stand on their node's interface on a LAN: no cable and no switch is between. */
export type ChildSpec = IpvlanSpec | MacvlanSpec;

/** Children that share the interface's MAC address and are told apart by IP address. */
export interface IpvlanSpec {
  readonly kind: "ipvlan";
  readonly lan: string;
  /** `l2`: pods are on the LAN's segment; `l3` and `l3s`: their node routes for them. */
  readonly mode: "l2" | "l3" | "l3s";
  /** What becomes of packets from child to child: passed on, dropped, or sent out on the LAN. */
  readonly flag: "bridge" | "private" | "vepa";
}

/** Children with MAC addresses of their own. */
export interface MacvlanSpec {
  readonly kind: "macvlan";
  readonly lan: string;
  /** What becomes of frames from child to child; `passthru`: the interface has one child, which takes all. */
  readonly mode: "bridge" | "private" | "vepa" | "passthru";
}

/** The driver, if pods stand on the LAN's interface with it. */
export function childSpecOf(driver: DriverSpec): ChildSpec | undefined {
  return driver.kind === "ipvlan" || driver.kind === "macvlan" ? driver : undefined;
}

/** Whether the pods of all nodes are on the LAN's one segment by themselves. */
export function isOnSegment(driver: { readonly kind: DriverSpec["kind"]; readonly mode?: string }): boolean {
  return driver.kind === "macvlan" || (driver.kind === "ipvlan" && driver.mode === "l2");
}

/** A CNI network, in which each node has its own: `<lab>`, `<node>`, `<ipv4>`, `<ipv6>` and `<mtu>` in it are filled in per node. */
export interface CniSpec {
  /** A network configuration list (SPEC "Configuration format"). */
  readonly conflist: Readonly<Record<string, unknown>>;
  /** Folders of plugins, `CNI_PATH`; empty for those of netloom itself. */
  readonly path: readonly string[];
}

export interface Mtus {
  readonly ipv4?: MtuSpec;
  readonly ipv6?: MtuSpec;
}

export interface MtuSpec {
  /** Bytes of the IP packet. */
  readonly bytes: number;
  /** How it came about, for people: `1500 underlay - 70 vxlan over IPv6`. */
  readonly because: string;
}

/** What a device that carries pods' packets is set to, bytes: what both families' pods may send. */
export function deviceMtu({ ipv4, ipv6 }: Mtus): number {
  return Math.min(ipv4?.bytes ?? Infinity, ipv6?.bytes ?? Infinity);
}

/** What the pods of all networks may send, per family: the smallest. */
export function leastMtus(networks: readonly PodNetwork[]): Mtus {
  const least = (family: "ipv4" | "ipv6"): MtuSpec | undefined =>
    networks.flatMap(({ mtu }) => mtu[family] ?? []).toSorted((a, b) => a.bytes - b.bytes)[0];
  const ipv4 = least("ipv4");
  const ipv6 = least("ipv6");
  return { ...(ipv4 === undefined ? {} : { ipv4 }), ...(ipv6 === undefined ? {} : { ipv6 }) };
}

/** The pods that the networks have on a node. */
export function podsOn(networks: readonly PodNetwork[], node: string): readonly PodSpec[] {
  return networks.flatMap(({ nodes }) => nodes.find(({ name }) => name === node)?.pods ?? []);
}

/** A node's own addresses: among its pods, then on its LANs. */
export function addressesOf(topology: Topology, { name, uplinks }: NodeSpec): readonly Prefix[] {
  const gateways = networksOn(topology, name).flatMap(({ node }) => node.gateways);
  return [...gateways, ...uplinks.flatMap(({ addrs }) => addrs)];
}

/** The names of all nodes, pods and externals. */
export function memberNames({ nodes, externals }: Topology): readonly string[] {
  return [
    ...nodes.flatMap(({ name, pods }) => [name, ...pods.map((pod) => pod.name)]),
    ...externals.map(({ name }) => name),
  ];
}

/** The networks that are on a node, with what they have there. */
export function networksOn(
  { networks }: Topology,
  node: string,
): readonly { readonly network: PodNetwork; readonly node: NetworkNode }[] {
  return networks.flatMap((network) =>
    network.nodes.flatMap((each) => (each.name === node ? [{ network, node: each }] : [])),
  );
}

/** One LAN of the underlay: a switch that every node has a port on. */
export interface LanSpec {
  readonly name: string;
  readonly bridge: IfName;
  readonly mtu: number;
  /** None where it carries only what is above IP. */
  readonly prefixes: readonly Prefix[];
  /** The 802.1Q VLAN that this LAN is, and the LAN that carries it: its bridge is this one's too. */
  readonly vlan?: VlanSpec;
}

export interface VlanSpec {
  /** 1 to 4094. */
  readonly id: number;
  readonly on: string;
}

export interface NodeSpec {
  readonly name: string;
  readonly netns: NetnsName;
  /** Its number, 1-based: the net slot of address templates. */
  readonly number: number;
  readonly uplinks: readonly Uplink[];
  /** Of all networks, in the networks' order. */
  readonly pods: readonly PodSpec[];
}

/** A host on a LAN that is no node: what tests ask from outside, and are asked from. */
export interface ExternalSpec {
  readonly name: string;
  readonly netns: NetnsName;
  /** The LAN whose addresses it has. */
  readonly lan: string;
  /** Its cable; where the LAN is a VLAN, the interface on that comes last. */
  readonly uplinks: readonly Uplink[];
  /** The node that it sends everything else to. */
  readonly gateway?: string;
  /** That node's addresses on the LAN, at most one per family. */
  readonly via: readonly Ip[];
}

/** The device by which a node sends to a LAN. */
export function outDevOf({ bridge, dev }: Uplink): IfName {
  return bridge ?? dev;
}

/** The interface of an external that has its addresses. */
export function mainOf({ uplinks }: ExternalSpec): Uplink {
  const last = uplinks.at(-1);
  if (last === undefined) throw new TypeError("an external has an interface");
  return last;
}

/** A node's or an external host's interface on a LAN. */
export interface Uplink {
  readonly lan: string;
  readonly dev: IfName;
  /** Its switch port, in the fabric namespace. None for a VLAN. */
  readonly port?: IfName;
  /** The interface that carries it, where the LAN is a VLAN. */
  readonly lower?: IfName;
  /** The bridge that it is a port of, where a network is joined by l2 over this LAN: its addresses are there. */
  readonly bridge?: IfName;
  /** A pod has all that comes in for itself: the node sends by it and hears nothing. */
  readonly deaf?: true;
  readonly mac: Mac;
  readonly addrs: readonly Prefix[];
}

export interface PodSpec {
  readonly name: string;
  readonly netns: NetnsName;
  /** Its number on the node, 1-based: the host slot of address templates. */
  readonly number: number;
  /** Interface inside the pod, e.g. `eth0`. */
  readonly ifname: IfName;
  /**
   * The node's end of its veth: the pod's name, or a short form of it. With driver `cni` what the plugins said, once they did;
   * absent where there is none.
   */
  readonly port?: IfName;
  /** The VLAN that its port is in, with driver `ovs`; absent is that of the node. */
  readonly vlan?: number;
  readonly mac: Mac;
  /** With driver `cni` what the plugins gave. */
  readonly addrs: readonly Prefix[];
}

export type JoinSpec =
  /** Every node on its own. */
  | { readonly kind: "none" }
  /** The node's interface on `lan` is a port of its bridge: one segment for all pods. */
  | { readonly kind: "l2"; readonly lan: string }
  /** Each node routes to the others' pod networks by their addresses on `lan`; without one, by the shortest way over all LANs. */
  | { readonly kind: "routes"; readonly lan?: string }
  /** One VXLAN device per node with permanent neighbours and forwarding entries, as flannel does. */
  | {
      readonly kind: "vxlan";
      readonly lan: string;
      /** The routes, not the device's forwarding entries, say where packets go. */
      readonly external: boolean;
      readonly vni: Vni;
      /** UDP port. */
      readonly port: number;
      readonly dev: IfName;
      /** Family of the outer packets. */
      readonly underlay: 4 | 6;
      /** Per node name. */
      readonly vteps: ReadonlyMap<string, Vtep>;
    }
  /** IP in IPv6: one device per node and routes that name the tunnel's other end, or a device per other node. */
  | {
      readonly kind: "ip6tnl";
      readonly lan: string;
      readonly external: boolean;
      /** Per node name. */
      readonly ends: ReadonlyMap<string, TunnelEnd>;
    };

export interface Vtep {
  readonly mac: Mac;
  readonly ip: Ip;
}

/** A node as its peers see it. */
export interface TunnelEnd {
  readonly ip: Ip;
  /** The device on every other node that leads to it. */
  readonly dev: IfName;
}

/** The devices by which a node's pods reach those of other nodes inside other packets. */
export function tunnelsOn({ join, nodes }: PodNetwork, { name }: NodeSpec): readonly IfName[] {
  if (join.kind === "vxlan") return [join.dev];
  if (join.kind !== "ip6tnl") return [];
  const others = nodes.filter((node) => node.name !== name);
  return [...new Set((join.external ? nodes : others).flatMap((node) => join.ends.get(node.name)?.dev ?? []))];
}

/** What is done to packets that leave an interface. Rates in bytes per second, times in microseconds, shares 0..1. */
export interface ImpairmentSpec {
  readonly netns: NetnsName;
  readonly dev: IfName;
  readonly rate?: number;
  readonly delay?: number;
  readonly jitter?: number;
  readonly loss?: number;
}

/** Which pairs shall (not) reach each other; name patterns with `*`. The last one that matches a pair counts. */
export interface Expectation {
  readonly from: string;
  readonly to: string;
  readonly reach: boolean;
}
