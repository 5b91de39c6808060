import { aliasFor } from "../../change/index.ts";
import type { LinkWish } from "../../change/index.ts";
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
 */
export const vxlan: NetworkJoin<"vxlan"> = {
  kind: "vxlan",
  onLink: "net",
  overhead: ({ underlay }) => ({ bytes: overheads[underlay], what: `vxlan over IPv${underlay}` }),
  refuses: () => undefined,
  plan: (network, join) => {
    const { dev } = join;
    const peers = peersOf(network).map(({ node, nets }) => {
      const vtep = vtepOf(join, node);
      return {
        node,
        nets,
        entry: { dev, mac: vtep.mac, dst: vtep.ip },
        neighs: nets.map(({ gateway }) => ({ dev, ip: gateway, mac: vtep.mac })),
      };
    });
    return (node) => {
      const own = sources(node);
      const others = peers.filter((peer) => peer.node !== node);
      return {
        links: [device(network, join, node)],
        routes: others.flatMap(({ nets }) =>
          nets.map(({ family, dst, gateway }) => ({ dst, via: gateway, dev, onlink: true, ...own[family] })),
        ),
        neighs: others.flatMap(({ neighs }) => neighs),
        fdb: others.map(({ entry }) => entry),
      };
    };
  },
};

function device(network: PodNetwork, join: JoinOf<"vxlan">, node: NetworkNode): LinkWish {
  const vtep = vtepOf(join, node);
  const local = join.underlay === 4 ? { local: vtep.ip } : { local6: vtep.ip };
  const mtu = deviceMtu(network.mtu);
  return {
    spec: {
      name: join.dev,
      kind: "vxlan",
      lower: uplinkOn(node, join.lan).dev,
      data: { id: join.vni, ...local, port: join.port, learning: false },
      mac: vtep.mac,
      mtu,
      // Its neighbours are permanent: it needs no address of its own.
      ...silent(mtu),
      up: true,
      alias: aliasFor(network.owner, `${node.name}/${join.dev}`),
    },
  };
}

function vtepOf(join: JoinOf<"vxlan">, node: NodeSpec): Vtep {
  const vtep = join.vteps.get(node.name);
  if (vtep === undefined) throw new TypeError(`node ${node.name} has no end of the vxlan`);
  return vtep;
}
