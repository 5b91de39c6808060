import { aliasFor } from "../../change/index.ts";
import { familyOf } from "../../values/index.ts";
import { uplinkOn } from "../join/peers.ts";
import { deviceMtu, isOnSegment } from "../topology.ts";
import type { ChildSpec, NetworkNode, PodNetwork, PodSpec } from "../topology.ts";
import { everything } from "./cable.ts";
import type { NetworkDriver, PodEnd, Reach } from "./port.ts";

/** A child as its kind makes it, without what it stands on. */
type Child = PodEnd["link"];

/** What is particular to a kind of child. */
export interface ChildKind {
  readonly reach: Reach;
  /** The node's own child, by which it is among its pods; absent where it can have none. */
  readonly ofNode?: (network: PodNetwork, node: NetworkNode) => Child;
  readonly ofPod: (pod: PodSpec) => Child;
}

/**
 * Pods whose links stand on their node's interface on a LAN. The interface does not speak with its children, so the node
 * has one of its own beside them.
 */
export function childDriver(spec: ChildSpec, { reach, ofNode, ofPod }: ChildKind): NetworkDriver {
  return {
    shares: false,
    needs: [`link.${spec.kind}`],
    maxPorts: Infinity,
    reach,
    sysctls: (node) => (ofNode !== undefined && isOnSegment(spec) ? onlyItsOwn(node) : {}),
    plan: (network, node, addrs) => {
      if (ofNode === undefined) return [];
      const name = node.bridge;
      // It keeps its link-local address, as the node's bridge does elsewhere.
      const link = {
        ...ofNode(network, node),
        lower: uplinkOn(node, spec.lan).dev,
        mtu: deviceMtu(network.mtu),
        up: true,
        alias: aliasFor(network.owner, `${node.name}/${name}`),
      };
      return [{ spec: { name, ...link }, addrs: addrs.map((prefix) => ({ prefix, noDad: true })) }];
    },
    port: () => ({}),
    pod: (_network, node, pod) => ({
      link: { ...ofPod(pod), lower: uplinkOn(node, spec.lan).dev, lowerNetns: node.netns },
      // Everybody is asked for on the LAN; with l3 and l3s nobody is asked: the node's routes decide.
      routes: node.podNets.map((net) => ({ dst: everything[familyOf(net)], dev: pod.ifname })),
    }),
  };
}

/**
 * The node is on the LAN twice, by its interface and by its child: each speaks for its own addresses only, as IPv6 has it
 * anyway (ip-sysctl.rst, arp_ignore and arp_announce).
 */
function onlyItsOwn({ bridge }: NetworkNode): Readonly<Record<string, string>> {
  // With slashes, for the name of a VLAN's interface has a dot in it.
  return { [`net/ipv4/conf/${bridge}/arp_ignore`]: "1", [`net/ipv4/conf/${bridge}/arp_announce`]: "2" };
}
