import type { RouteSpec } from "../../change/index.ts";
import { familyOf } from "../../values/index.ts";
import type { Family } from "../../values/index.ts";
import { outDevOf } from "../topology.ts";
import type { NodeSpec, PodNetwork } from "../topology.ts";
import type { Hop, Ways } from "../underlay/ways.ts";
import { ipOf, peersOf, sources, uplinkOn } from "./peers.ts";
import type { Peer } from "./peers.ts";
import { emptyPart } from "./port.ts";
import type { NetworkJoin } from "./port.ts";

/** Each node routes to the others' pod networks: by their addresses on the LAN, or by the shortest way over several. */
export const routes: NetworkJoin<"routes"> = {
  kind: "routes",
  onLink: "net",
  overhead: () => undefined,
  needs: () => [],
  // An IPv4 route can go by an IPv6 next hop (RFC 8950, the kernel's RTA_VIA), not the other way round.
  refuses: ({ name, prefixes }, family) =>
    (family === 4 && prefixes.length > 0) || prefixes.some((prefix) => familyOf(prefix) === 6)
      ? undefined
      : `LAN ${name} has no IPv${family} prefix to route IPv${family} pods by`,
  plan: (network, { lan }, ways) => {
    const peers = peersOf(network);
    const hopsOf = lan === undefined ? byWays(ways) : overLan(lan, network.nodes);
    return (node) => {
      const hopTo = hopsOf(node);
      const own = sources(node);
      const others = peers.filter((peer) => peer.node !== node);
      const found = others.flatMap((peer) =>
        routesTo(peer, hopTo).map((route): RouteSpec => ({ ...route, ...own[familyOf(route.dst)] })),
      );
      return { ...emptyPart, routes: found };
    };
  },
};

/** What a node that is not in the network needs so that packets for its pods can pass, or leave from itself. */
export function planPassing(network: PodNetwork, node: NodeSpec, ways: Ways): readonly RouteSpec[] {
  if (network.join.kind !== "routes" || network.nodes.some(({ name }) => name === node.name)) return [];
  const hopTo = byWays(ways)(node);
  return peersOf(network).flatMap((peer) => routesTo(peer, hopTo));
}

type HopTo = (node: NodeSpec, family: Family) => Hop | undefined;

function byWays({ toNode }: Ways): (from: NodeSpec) => HopTo {
  return ({ name }) =>
    (to, family) =>
      toNode(name, to.name, family);
}

function overLan(lan: string, nodes: readonly NodeSpec[]): (from: NodeSpec) => HopTo {
  const vias = new Map(
    nodes.map((node) => {
      const { addrs } = uplinkOn(node, lan);
      return [node.name, { 4: ipOf(addrs, 4) ?? ipOf(addrs, 6), 6: ipOf(addrs, 6) }] as const;
    }),
  );
  return (node) => {
    const dev = outDevOf(uplinkOn(node, lan));
    return (to, family) => {
      const via = vias.get(to.name)?.[family];
      return via === undefined ? undefined : { dev, via };
    };
  };
}

function routesTo({ node, nets }: Peer, hopTo: HopTo): readonly RouteSpec[] {
  return nets.flatMap(({ family, dst }): readonly RouteSpec[] => {
    const hop = hopTo(node, family);
    return hop === undefined ? [] : [{ dst, via: hop.via, dev: hop.dev }];
  });
}
