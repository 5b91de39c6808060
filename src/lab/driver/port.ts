import type { LinkState, LinkWish } from "../../change/index.ts";
import type { Prefix } from "../../values/index.ts";
import type { NetworkNode, PodNetwork } from "../topology.ts";

export type DriverName = PodNetwork["driver"];

/** What connects a node's pods to each other and to their gateway. */
export interface NetworkDriver<D extends DriverName> {
  readonly name: D;
  /** Others make the pods' links, in the nodes' and pods' namespaces: those are shared with them. */
  readonly shares: boolean;
  /** How many ports a node can have. */
  readonly maxPorts: number;
  /** The node's switch, with the node's own addresses on it. */
  readonly plan: (network: PodNetwork, node: NetworkNode, addrs: readonly Prefix[]) => readonly LinkWish[];
  /** What makes a link in the node a port of that switch. */
  readonly port: (node: NetworkNode, mtu: number) => LinkState;
}
