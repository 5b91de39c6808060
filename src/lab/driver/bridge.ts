import { aliasFor } from "../../change/index.ts";
import type { LinkWish } from "../../change/index.ts";
import { stableMac } from "../../values/index.ts";
import type { IfName } from "../../values/index.ts";
import { deviceMtu } from "../topology.ts";
import { cabled } from "./cable.ts";
import { type NetworkDriver, everybody } from "./port.ts";
import { silent } from "./silent.ts";

/** `BR_MAX_PORTS` of net/bridge/br_private.h, less port 0. */
export const maxBridgePorts = 1023;

/** A Linux bridge per node. */
export const bridge: NetworkDriver = {
  shares: false,
  needs: ["link.bridge", "link.veth"],
  maxPorts: maxBridgePorts,
  reach: everybody,
  plan: (network, node, addrs) => {
    const link = bridgeLink(network, node.bridge, node.name, deviceMtu(network.mtu));
    // It keeps its link-local address: a router solicits neighbours for forwarded packets from it.
    const mac = stableMac(`${network.lab}/${node.name}/${node.bridge}`);
    return [{ spec: { ...link.spec, mac }, addrs: addrs.map((prefix) => ({ prefix, noDad: true })) }];
  },
  port: (node, mtu) => ({ master: node.bridge, ...silent(mtu) }),
  pod: cabled,
};

/** A plain switch: forwards at once, floods multicast, speaks no protocol. */
export function bridgeLink(
  { owner }: { readonly owner: string },
  name: IfName,
  place: string,
  mtu: number,
): LinkWish & { readonly spec: { readonly kind: "bridge" } } {
  const data = { stpState: 0, forwardDelay: 0, mcastSnooping: false };
  return { spec: { name, kind: "bridge", data, mtu, up: true, alias: aliasFor(owner, `${place}/${name}`) } };
}
