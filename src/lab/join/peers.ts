import { familyOf, prefixIp } from "../../values/index.ts";
import type { Family, Ip, Prefix } from "../../values/index.ts";
import type { NetworkNode, NodeSpec, PodNetwork, Uplink } from "../topology.ts";

/** What other nodes need to know to reach a node's pods, per family. */
export interface Peer {
  readonly node: NetworkNode;
  readonly nets: readonly PeerNet[];
}

export interface PeerNet {
  readonly family: Family;
  /** The node's pods. */
  readonly dst: Prefix;
  /** The node's own address among them. */
  readonly gateway: Ip;
}

/** All nodes of a network as peers, in its order. */
export function peersOf({ nodes }: PodNetwork): readonly Peer[] {
  return nodes.map((node) => ({
    node,
    nets: node.podNets.flatMap((dst) => {
      const family = familyOf(dst);
      // Where plugins give the node its addresses, the network's own stands for it, as flannel's VTEP has it.
      return [{ family, dst, gateway: ipOf(node.gateways, family) ?? prefixIp(dst) }];
    }),
  }));
}

/** What a node itself sends from, so that the answers come back by the same way: its own address among its pods. */
export function sources({ gateways }: NetworkNode): Readonly<Record<Family, { readonly src?: Ip }>> {
  const src4 = ipOf(gateways, 4);
  const src6 = ipOf(gateways, 6);
  return { 4: src4 === undefined ? {} : { src: src4 }, 6: src6 === undefined ? {} : { src: src6 } };
}

/** The node's interface on a LAN. Throws a TypeError for a LAN the node is not on, which resolve does not make. */
export function uplinkOn(node: NodeSpec, lan: string): Uplink {
  const uplink = node.uplinks.find((each) => each.lan === lan);
  if (uplink === undefined) throw new TypeError(`node ${node.name} has no interface on LAN ${lan}`);
  return uplink;
}

/** The address of that family. */
export function ipOf(prefixes: readonly Prefix[], family: Family): Ip | undefined {
  const prefix = prefixes.find((each) => familyOf(each) === family);
  return prefix === undefined ? undefined : prefixIp(prefix);
}
