import { aliasFor } from "../../change/index.ts";
import type { LinkSpecOf, LinkWish } from "../../change/index.ts";
import { IP6_TNL_F } from "../../rtnl/index.ts";
import { deviceMtu } from "../topology.ts";
import type { NetworkNode, NodeSpec, PodNetwork, TunnelEnd } from "../topology.ts";
import { silent } from "../driver/index.ts";
import { peersOf, sources, uplinkOn } from "./peers.ts";
import { emptyPart } from "./port.ts";
import type { JoinOf, NetworkJoin } from "./port.ts";

/** The outer header, RFC 8200 section 3: no options are sent. */
const overhead = 40;
/** IPPROTO_* of what is carried: both IPv4 and IPv6. */
const anyProtocol = 0;

/**
 * IP in IPv6 (RFC 2473), both families of pods. `external`: one device, and each route names the tunnel's other end
 * (`encap ip6`). Otherwise a device for each other node, which is what link-local ends need: a route names no link for them.
 */
export const ip6tnl: NetworkJoin<"ip6tnl"> = {
  kind: "ip6tnl",
  onLink: "net",
  overhead: () => ({ bytes: overhead, what: "ip6tnl" }),
  needs: ({ external }) => (external ? ["link.ip6tnl", "route.encap"] : ["link.ip6tnl"]),
  refuses: () => undefined,
  plan: (network, join) => {
    const peers = peersOf(network).map(({ node, nets }) => ({ node, nets, end: endOf(join, node) }));
    return (node) => {
      const own = sources(node);
      const others = peers.filter((peer) => peer.node !== node);
      const common = wishFor(network, node);
      return {
        ...emptyPart,
        links: join.external
          ? [common(endOf(join, node), { data: { proto: anyProtocol, collectMetadata: true } })]
          : others.map(({ end }) => common(end, pointToPoint(join, node, end))),
        routes: others.flatMap(({ nets, end: { ip, dev } }) =>
          nets.map(({ family, dst }) => ({
            dst,
            dev,
            ...own[family],
            ...(join.external && { encap: { type: "ip6" as const, dst: ip } }),
          })),
        ),
      };
    };
  },
};

type Kind = Pick<LinkSpecOf<"ip6tnl">, "lower" | "data">;

/** What all tunnels of a node have in common. */
function wishFor(network: PodNetwork, node: NetworkNode): (end: TunnelEnd, kind: Kind) => LinkWish {
  const mtu = deviceMtu(network.mtu);
  return ({ dev }, kind) => ({
    spec: {
      name: dev,
      kind: "ip6tnl",
      ...kind,
      mtu,
      ...silent(mtu),
      up: true,
      alias: aliasFor(network.owner, `${node.name}/${dev}`),
    },
  });
}

/** Without the option that limits nesting (RFC 2473 section 4.1.1), which would take 8 bytes of every packet. */
function pointToPoint(join: JoinOf<"ip6tnl">, node: NetworkNode, { ip: remote }: TunnelEnd): Kind {
  const { ip: local } = endOf(join, node);
  const flags = IP6_TNL_F.IGN_ENCAP_LIMIT;
  return { lower: uplinkOn(node, join.lan).dev, data: { local, remote, proto: anyProtocol, ttl: 64, flags } };
}

function endOf(join: JoinOf<"ip6tnl">, node: NodeSpec): TunnelEnd {
  const end = join.ends.get(node.name);
  if (end === undefined) throw new TypeError(`node ${node.name} has no end of the tunnels`);
  return end;
}
