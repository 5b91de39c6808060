import type { FdbSpec, LinkWish, NeighSpec, RouteSpec } from "../../change/index.ts";
import type { Ways } from "../underlay/ways.ts";
import type { LanSpec, JoinSpec, NetworkNode, PodNetwork, Uplink } from "../topology.ts";

export type JoinKind = JoinSpec["kind"];
export type JoinOf<K extends JoinKind> = Extract<JoinSpec, { readonly kind: K }>;

/** What a join adds to a node's namespace. */
export interface JoinPart {
  readonly links: readonly LinkWish[];
  readonly routes: readonly RouteSpec[];
  readonly neighs: readonly NeighSpec[];
  readonly fdb: readonly FdbSpec[];
  /** The interface that becomes a port of the node's switch, whose addresses move there. */
  readonly bridged?: Uplink;
}

/** What a join takes from the packets that pass it. */
export interface Overhead {
  readonly bytes: number;
  /** For people: `vxlan over IPv6`. */
  readonly what: string;
}

/** A way to join the nodes' pod networks. */
export interface NetworkJoin<K extends JoinKind> {
  readonly kind: K;
  /** What pods reach without a gateway: the pods of their node, or all pods. */
  readonly onLink: "net" | "template";
  readonly overhead: (join: JoinOf<K>) => Overhead | undefined;
  /** What the kernel must have for it, as ids of `netloom doctor`'s findings. */
  readonly needs: (join: JoinOf<K>) => readonly string[];
  /** Why this LAN cannot carry pods of that family, if so. */
  readonly refuses: (lan: LanSpec, family: 4 | 6) => string | undefined;
  /** What is common to all nodes is worked out first, once; `ways` lead from node to node over the LANs. */
  readonly plan: (network: PodNetwork, join: JoinOf<K>, ways: Ways) => (node: NetworkNode) => JoinPart;
}

export const emptyPart: JoinPart = { links: [], routes: [], neighs: [], fdb: [] };
