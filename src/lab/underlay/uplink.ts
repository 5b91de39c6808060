import type { LinkState, LinkWish } from "../../change/index.ts";
import { isLinkLocal } from "../../values/index.ts";
import { silent, speaking } from "../driver/index.ts";
import { linkNames } from "../link-names.ts";
import type { LanSpec, NodeSpec, Topology, Uplink } from "../topology.ts";

/** Who is cabled to LANs: a node, or an external. */
export type Stationed = Pick<NodeSpec, "name" | "netns" | "uplinks">;

/**
 * The interface on a LAN: the end of a cable, or a VLAN on such an end. With `asPort` it is a port of a switch, and its addresses
 * are on that.
 */
export function planUplink(topology: Topology, station: Stationed, uplink: Uplink, asPort?: LinkState): LinkWish {
  const { mtu, vlan } = lanOf(topology, uplink);
  const names = linkNames(topology.owner, uplink.dev, station.name, uplink.dev);
  // Where its link-local address is given it makes none itself. What was a port has to begin.
  const linkLocal = uplink.addrs.some(isLinkLocal) ? silent(mtu) : speaking(mtu);
  const state = { mac: uplink.mac, mtu, ...(asPort ?? linkLocal), up: true };
  const spec: LinkWish["spec"] =
    vlan === undefined || uplink.lower === undefined
      ? { ...names, kind: "veth", ...peerOf(topology, uplink), ...state }
      : { ...names, kind: "vlan", lower: uplink.lower, data: { id: vlan.id }, ...state };
  return asPort === undefined ? { spec, addrs: uplink.addrs.map((prefix) => ({ prefix, noDad: true })) } : { spec };
}

/** The LAN of an interface. */
export function lanOf({ lans }: Topology, uplink: Uplink): LanSpec {
  const lan = lans.find(({ name }) => name === uplink.lan);
  if (lan === undefined) throw new TypeError(`the topology has no LAN ${uplink.lan}`);
  return lan;
}

function peerOf({ fabric }: Topology, { port }: Uplink) {
  return port === undefined ? {} : { peer: { netns: fabric, name: port } };
}
