import { aliasFor } from "../../change/index.ts";
import type { EncapSpec, FdbSpec, LinkSpecOf, LinkWish } from "../../change/index.ts";
import { isLinkLocal } from "../../values/index.ts";
import type { Ip } from "../../values/index.ts";
import { deviceMtu } from "../topology.ts";
import type { NetworkNode, NodeSpec, PodNetwork, Vtep } from "../topology.ts";
import { silent } from "../driver/index.ts";
import { peersOf, sources, uplinkOn } from "./peers.ts";
import type { JoinOf, NetworkJoin } from "./port.ts";

/** Outer Ethernet is the LAN's; the rest is IP 20 or 40, UDP 8, VXLAN 8, inner Ethernet 14 (RFC 7348 section 5). */
const overheads = { 4: 50, 6: 70 } as const;

/**
 * As flannel does: one device per node, and for each other node a permanent neighbour (its gateway address), a forwarding
 * entry (its underlay address) and a route to its pods. Nothing is learnt, flooded or resolved.
 *
 * `external`: the route says what the forwarding entry would. The neighbours stay permanent, for a solicitation of IPv6 does not
 * inherit the route's tunnel. Each end has a MAC address of its own, for a frame from one's own address counts as a loop.
 */
export const vxlan: NetworkJoin<"vxlan"> = {
  kind: "vxlan",
  onLink: "net",
  overhead: ({ underlay }) => ({ bytes: overheads[underlay], what: `vxlan over IPv${underlay}` }),
  needs: ({ external }) => (external ? ["link.vxlan-external", "route.encap"] : ["link.vxlan"]),
  refuses: () => undefined,
  plan: (network, join) => {
    const { dev, external } = join;
    const peers = peersOf(network).map(({ node, nets }) => {
      const vtep = vtepOf(join, node);
      return {
        node,
        nets,
        vtep,
        encap: external ? { encap: encapTo(join, vtep.ip) } : {},
        neighs: nets.map(({ gateway }) => ({ dev, ip: gateway, mac: vtep.mac })),
      };
    });
    return (node) => {
      const own = sources(node);
      const others = peers.filter((peer) => peer.node !== node);
      return {
        links: [device(network, join, node)],
        routes: others.flatMap(({ nets, encap }) =>
          nets.map(({ family, dst, gateway }) => ({ dst, via: gateway, dev, onlink: true, ...own[family], ...encap })),
        ),
        neighs: others.flatMap(({ neighs }) => neighs),
        fdb: external ? [] : others.map(({ vtep }) => entryFor(join, node, vtep)),
      };
    };
  },
};

function encapTo({ underlay, vni }: JoinOf<"vxlan">, dst: Ip): EncapSpec {
  return { type: underlay === 4 ? "ip" : "ip6", id: BigInt(vni), dst };
}

/** A link-local address is nobody's without the link it is on. */
function entryFor({ dev, lan }: JoinOf<"vxlan">, node: NodeSpec, { mac, ip }: Vtep): FdbSpec {
  return { dev, mac, dst: ip, ...(isLinkLocal(ip) && { via: uplinkOn(node, lan).dev }) };
}

function device(network: PodNetwork, join: JoinOf<"vxlan">, node: NetworkNode): LinkWish {
  const { mac } = vtepOf(join, node);
  const mtu = deviceMtu(network.mtu);
  return {
    spec: {
      name: join.dev,
      kind: "vxlan",
      ...(join.external ? externalData(join) : classicData(join, node)),
      mac,
      mtu,
      // Its neighbours are permanent: it needs no address of its own.
      ...silent(mtu),
      up: true,
      alias: aliasFor(network.owner, `${node.name}/${join.dev}`),
    },
  };
}

function classicData(join: JoinOf<"vxlan">, node: NetworkNode): Pick<LinkSpecOf<"vxlan">, "lower" | "data"> {
  const { ip } = vtepOf(join, node);
  const local = join.underlay === 4 ? { local: ip } : { local6: ip };
  return {
    lower: uplinkOn(node, join.lan).dev,
    data: { id: join.vni, ...local, port: join.port, learning: false },
  };
}

/** Packets of a route over IPv6 have no UDP checksum, and are taken only by who says so (RFC 6935). */
function externalData({ port, underlay }: JoinOf<"vxlan">): Pick<LinkSpecOf<"vxlan">, "data"> {
  return {
    data: { collectMetadata: true, port, learning: false, ...(underlay === 6 && { udpZeroCsum6Rx: true }) },
  };
}

function vtepOf(join: JoinOf<"vxlan">, node: NodeSpec): Vtep {
  const vtep = join.vteps.get(node.name);
  if (vtep === undefined) throw new TypeError(`node ${node.name} has no end of the vxlan`);
  return vtep;
}
