import { aliasFor } from "../../change/index.ts";
import { stableMac } from "../../values/index.ts";
import { type OvsSpec, deviceMtu } from "../topology.ts";
import { cabled } from "./cable.ts";
import { type NetworkDriver, everybody } from "./port.ts";
import { silent } from "./silent.ts";

/** What forwards, as ids of `doctor`'s findings; where the file does not say which, one of the two will do. */
const forwarders = { system: "ovs.datapath", netdev: "ovs.tap", either: "ovs.datapath or tap" } as const;

/** OFPP_MAX of OpenFlow 1.0, which ovs-vswitchd keeps to (ofproto/ofproto.h). */
const maxOvsPorts = 0xff00;

/**
 * An Open vSwitch per node. Pods are cabled to it as to a Linux bridge: a port of the switch's own making that was moved into a pod
 * would be lost with the daemon (docs/decisions/0013-open-vswitch.md).
 */
export function ovs(spec: OvsSpec): NetworkDriver {
  return {
    shares: false,
    needs: ["ovs.programs", forwarders[spec.datapath ?? "either"]],
    maxPorts: maxOvsPorts,
    reach: everybody,
    sysctls: () => (takesCopies(spec) ? onlyItsOwn : {}),
    plan: () => [],
    bridge: (network, node, addrs, bridged) => {
      const mtu = bridged === undefined ? deviceMtu(network.mtu) : lanMtu(network, bridged.lan);
      return {
        name: node.bridge,
        ...(spec.datapath !== undefined && { datapath: spec.datapath }),
        mac: stableMac(`${network.lab}/${node.name}/${node.bridge}`),
        mtu,
        ports: [
          ...(bridged === undefined ? [] : [{ name: bridged.dev }]),
          ...node.pods.flatMap(({ port, vlan }) =>
            port === undefined ? [] : [{ name: port, ...(vlan !== undefined && { tag: vlan }) }],
          ),
        ],
        device: {
          state: { up: true, alias: aliasFor(network.owner, `${node.name}/${node.bridge}`) },
          addrs: addrs.map((prefix) => ({ prefix, noDad: true })),
        },
      };
    },
    port: (_node, mtu) => silent(mtu),
    pod: (network, node, pod) => {
      const end = cabled(network, node, pod);
      return end === undefined || !takesCopies(spec) ? end : { ...end, txChecksum: false };
    },
  };
}

/**
 * The daemon gets copies of frames (packet(7)): as they are, with checksums that were left to a device and never made, while the
 * kernel goes on with the frames themselves.
 */
export const takesCopies = ({ datapath }: OvsSpec): boolean => datapath !== "system";

/** The kernel sees who is asked for on every port, and speaks for the bridge on that alone (ip-sysctl.rst, arp_ignore). */
const onlyItsOwn = { "net.ipv4.conf.all.arp_ignore": "1" } as const;

function lanMtu({ lans }: { readonly lans: readonly { readonly name: string; readonly mtu: number }[] }, lan: string) {
  return lans.find(({ name }) => name === lan)?.mtu ?? 1500;
}
