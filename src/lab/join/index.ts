import type { JoinSpec, NetworkNode, PodNetwork } from "../topology.ts";
import type { Ways } from "../underlay/ways.ts";
import { ip6tnl } from "./ip6tnl.ts";
import { l2 } from "./l2.ts";
import { none } from "./none.ts";
import type { JoinKind, JoinOf, JoinPart, NetworkJoin, Overhead } from "./port.ts";
import { routes } from "./routes.ts";
import { vxlan } from "./vxlan.ts";

export { ipOf, uplinkOn } from "./peers.ts";
export { emptyPart } from "./port.ts";
export { planPassing } from "./routes.ts";
export type { JoinKind, JoinOf, JoinPart, NetworkJoin, Overhead } from "./port.ts";

/** All joins: a new kind does not compile until it is here. */
export const joins = { none, l2, routes, vxlan, ip6tnl } as const satisfies {
  readonly [K in JoinKind]: NetworkJoin<K>;
};

/** What a network's join adds to each node. */
export function planJoin(network: PodNetwork, ways: Ways): (node: NetworkNode) => JoinPart {
  return wayOf(network.join).plan(network, ways);
}

/** What the join takes of every packet. */
export function overheadOf(join: JoinSpec): Overhead | undefined {
  return wayOf(join).overhead;
}

/** What the kernel must have for the join, as ids of `netloom doctor`'s findings. */
export function needsOfJoin(join: JoinSpec): readonly string[] {
  return wayOf(join).needs;
}

/** A join together with what is said of it. */
interface Way {
  readonly plan: (network: PodNetwork, ways: Ways) => (node: NetworkNode) => JoinPart;
  readonly overhead: Overhead | undefined;
  readonly needs: readonly string[];
}

function way<K extends JoinKind>(kind: NetworkJoin<K>, join: JoinOf<K>): Way {
  return {
    plan: (network, ways) => kind.plan(network, join, ways),
    overhead: kind.overhead(join),
    needs: kind.needs(join),
  };
}

function wayOf(join: JoinSpec): Way {
  switch (join.kind) {
    case "none":
      return way(none, join);
    case "l2":
      return way(l2, join);
    case "routes":
      return way(routes, join);
    case "vxlan":
      return way(vxlan, join);
    case "ip6tnl":
      return way(ip6tnl, join);
    default:
      return join satisfies never;
  }
}
