import type { LinkKind } from "../../rtnl/index.ts";
import type { LinkSpecOf, LinkState, LinkWish, RouteSpec, SwitchWish } from "../../change/index.ts";
import type { Prefix } from "../../values/index.ts";
import type { NetworkNode, PodNetwork, PodSpec, Uplink } from "../topology.ts";

/** What connects a node's pods to each other and to their gateway. */
export interface NetworkDriver {
  /** Others make the pods' links, in the nodes' and pods' namespaces: those are shared with them. */
  readonly shares: boolean;
  /** What it needs of the kernel, as ids of `doctor`'s findings. */
  readonly needs: readonly string[];
  /** How many ports a node can have. */
  readonly maxPorts: number;
  /** Who reaches whom by its nature, where nobody says otherwise. */
  readonly reach: Reach;
  /** Kernel parameters of a node. */
  readonly sysctls?: (node: NetworkNode) => Readonly<Record<string, string>>;
  /** The node's switch, or its own place among its pods, with the node's own addresses on it. */
  readonly plan: (network: PodNetwork, node: NetworkNode, addrs: readonly Prefix[]) => readonly LinkWish[];
  /** The bridge that the node's Open vSwitch has for them, with the node's own addresses on it and these links as ports. */
  readonly bridge?: (
    network: PodNetwork,
    node: NetworkNode,
    addrs: readonly Prefix[],
    bridged: Uplink | undefined,
  ) => SwitchWish["bridges"][number];
  /** What makes a link in the node a port of that switch. */
  readonly port: (node: NetworkNode, mtu: number) => LinkState;
  /** What a pod has; absent where others make it. */
  readonly pod: (network: PodNetwork, node: NetworkNode, pod: PodSpec) => PodEnd | undefined;
}

/** Who reaches whom in a network whose nodes are joined. Pods reach those of other nodes, whatever the driver. */
export interface Reach {
  /** A pod, the other pods of its node. */
  readonly siblings: boolean;
  /** A node, its own pods. */
  readonly ownPods: boolean;
  /** A node, the pods of other nodes. */
  readonly othersPods: boolean;
}

/** A switch forwards to everybody. */
export const everybody: Reach = { siblings: true, ownPods: true, othersPods: true };

/** A pod's link, as far as the driver decides it, and its ways out. */
export interface PodEnd {
  readonly link: PodLink<"veth"> | PodLink<"ipvlan"> | PodLink<"macvlan">;
  readonly routes: readonly RouteSpec[];
  /** Whether checksums are left to the device; absent leaves that as it is. */
  readonly txChecksum?: boolean;
}

type PodLink<K extends LinkKind> = Pick<LinkSpecOf<K>, "kind" | "data" | "lower" | "lowerNetns" | "peer" | "mac">;
