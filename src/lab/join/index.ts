import type { NodeSpec, Topology } from "../topology.ts";
import { l2 } from "./l2.ts";
import { none } from "./none.ts";
import type { JoinKind, JoinPart, NetworkJoin, Overhead } from "./port.ts";
import { routes } from "./routes.ts";
import { vxlan } from "./vxlan.ts";

export { ipOf, uplinkOn } from "./peers.ts";
export type { JoinKind, JoinOf, JoinPart, NetworkJoin, Overhead } from "./port.ts";

/** All joins: a new kind does not compile until it is here. */
export const joins = { none, l2, routes, vxlan } as const satisfies { readonly [K in JoinKind]: NetworkJoin<K> };

/** What the lab's join adds to each node. */
export function planJoin(topology: Topology): (node: NodeSpec) => JoinPart {
  const { join } = topology;
  switch (join.kind) {
    case "none":
      return none.plan(topology, join);
    case "l2":
      return l2.plan(topology, join);
    case "routes":
      return routes.plan(topology, join);
    case "vxlan":
      return vxlan.plan(topology, join);
    default:
      return join satisfies never;
  }
}

/** What the join takes of every packet. */
export function overheadOf(join: Topology["join"]): Overhead | undefined {
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
