import type { RouteSpec } from "../../change/index.ts";
import { familyOf } from "../../values/index.ts";
import { ipOf, peersOf, sources, uplinkOn } from "./peers.ts";
import { emptyPart } from "./port.ts";
import type { NetworkJoin } from "./port.ts";

/** Each node routes to the others' pod networks by their addresses on the LAN. */
export const routes: NetworkJoin<"routes"> = {
  kind: "routes",
  onLink: "net",
  overhead: () => undefined,
  needs: () => [],
  // An IPv4 route can go by an IPv6 next hop (RFC 8950, the kernel's RTA_VIA), not the other way round.
  refuses: ({ name, prefixes }, family) =>
    family === 4 || prefixes.some((prefix) => familyOf(prefix) === 6)
      ? undefined
      : `LAN ${name} has no IPv6 prefix to route IPv6 pods by`,
  plan: (network, { lan }) => {
    const peers = peersOf(network).map(({ node, nets }) => {
      const { addrs } = uplinkOn(node, lan);
      return { node, hops: nets.map((net) => ({ ...net, via: ipOf(addrs, net.family) ?? ipOf(addrs, 6) })) };
    });
    return (node) => {
      const { dev } = uplinkOn(node, lan);
      const own = sources(node);
      const found: RouteSpec[] = [];
      for (const peer of peers) {
        if (peer.node === node) continue;
        for (const { family, dst, via } of peer.hops) {
          if (via !== undefined) found.push({ dst, via, dev, ...own[family] });
        }
      }
      return { ...emptyPart, routes: found };
    };
  },
};
