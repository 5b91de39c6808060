import { familyOf, parsePrefix, prefixIp } from "../../values/index.ts";
import type { NetworkNode, PodNetwork, PodSpec } from "../topology.ts";
import type { PodEnd } from "./port.ts";

/** The destinations of default routes. */
export const everything = { 4: parsePrefix("0.0.0.0/0"), 6: parsePrefix("::/0") } as const;

/** The pod's end of a cable to its node's switch, where its gateway is. */
export function cabled(_network: PodNetwork, node: NetworkNode, pod: PodSpec): PodEnd | undefined {
  if (pod.port === undefined) return undefined;
  return {
    link: { kind: "veth", peer: { netns: node.netns, name: pod.port }, mac: pod.mac },
    routes: node.gateways.map((gateway) => ({
      dst: everything[familyOf(gateway)],
      via: prefixIp(gateway),
      dev: pod.ifname,
    })),
  };
}
