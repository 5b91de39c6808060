import type { NetworkNode, PodNetwork } from "../topology.ts";
import { l2 } from "./l2.ts";
import { none } from "./none.ts";
import type { JoinKind, JoinPart, NetworkJoin, Overhead } from "./port.ts";
import { routes } from "./routes.ts";
import { vxlan } from "./vxlan.ts";

export { ipOf, uplinkOn } from "./peers.ts";
export { emptyPart } from "./port.ts";
export type { JoinKind, JoinOf, JoinPart, NetworkJoin, Overhead } from "./port.ts";

/** All joins: a new kind does not compile until it is here. */
export const joins = { none, l2, routes, vxlan } as const satisfies { readonly [K in JoinKind]: NetworkJoin<K> };

/** What a network's join adds to each node. */
export function planJoin(network: PodNetwork): (node: NetworkNode) => JoinPart {
  const { join } = network;
  switch (join.kind) {
    case "none":
      return none.plan(network, join);
    case "l2":
      return l2.plan(network, join);
    case "routes":
      return routes.plan(network, join);
    case "vxlan":
      return vxlan.plan(network, join);
    default:
      return join satisfies never;
  }
}

/** What the join takes of every packet. */
export function overheadOf(join: PodNetwork["join"]): Overhead | undefined {
  switch (join.kind) {
    case "none":
      return none.overhead(join);
    case "l2":
      return l2.overhead(join);
    case "routes":
      return routes.overhead(join);
    case "vxlan":
      return vxlan.overhead(join);
    default:
      return join satisfies never;
  }
}
