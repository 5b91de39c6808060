/**
 * A lab as boxes and lines: plain data that every renderer draws and `JSON.stringify` prints. Ids are stable: they
 * depend on names alone, never on order.
 */
export interface Graph {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** The lab's nodes, each around what lives inside it, and the hosts outside. */
  readonly groups: readonly GraphGroup[];
  /** Sentences about the whole: how the nodes are joined, where the MTU comes from. */
  readonly notes: readonly string[];
}

/** What a box stands for; `more` stands for things left out, and says how many. */
export type NodeKind = "lan" | "overlay" | "node" | "external" | "vtep" | "bridge" | "pod" | "more";

export interface GraphNode {
  readonly id: string;
  readonly label: string;
  readonly kind: NodeKind;
  /** The row from the top, by kind. */
  readonly tier: number;
  /** Addresses first, then what else is worth a line, e.g. `mtu 1430`. */
  readonly details: readonly string[];
  /** Absent when nobody looked. */
  readonly state?: State;
}

export type State = "up" | "down" | "unknown";

/** The states somebody observed, by id of a box. */
export type States = ReadonlyMap<string, State>;

/**
 * `underlay`: a node's (or its bridge's) interface on a LAN. `port`: a node's own interface to its bridge or VTEP.
 * `veth`: a bridge port with a pod behind it. `tunnel`: a VTEP's way to all others, and the overlay's way on its LAN.
 */
export type EdgeKind = "underlay" | "port" | "veth" | "tunnel";

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  /** The interface at the lower end, or what travels here. */
  readonly label?: string;
  /** The addresses of that interface. */
  readonly details: readonly string[];
  /** That of the box at the lower end. */
  readonly state?: State;
  /** What is done to packets that leave and reach the lower end: `out: delay 5ms, loss 1%; in: rate 10mbit`. */
  readonly impairment?: string;
}

export interface GraphGroup {
  readonly id: string;
  readonly label: string;
  /** The `node` box of this lab node, or the `external` one. */
  readonly node: string;
  /** Ids of everything inside: the node itself, its VTEP, its bridge, its pods. */
  readonly members: readonly string[];
}

const tiers = {
  lan: 0,
  overlay: 1,
  node: 2,
  external: 2,
  vtep: 3,
  bridge: 3,
  pod: 4,
  more: 4,
} as const satisfies Record<NodeKind, number>;

/** The row from the top in which this kind of box is drawn. */
export function tierOf(kind: NodeKind): number {
  return tiers[kind];
}

/** The names in the ids of what a network has on a node: the node's is enough where there is one network. */
export function placeNames(
  { networks }: { readonly networks: readonly unknown[] },
  { name: network }: { readonly name: string },
  { name: node }: { readonly name: string },
): readonly string[] {
  return networks.length > 1 ? [node, network] : [node];
}

/** The id of a box: its kind and the names that make it unique, encoded so that no name can imitate another path. */
export function idOf(kind: NodeKind | "group", ...names: readonly string[]): string {
  return `${kind}:${names.map((name) => encodeURIComponent(name.toWellFormed())).join("/")}`;
}
