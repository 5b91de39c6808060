import { type Ip, type Prefix, prefixIp } from "../../values/index.ts";
import type { Path } from "../file/index.ts";
import { isOnSegment, mainOf } from "../topology.ts";
import type { ExternalSpec, NodeSpec } from "../topology.ts";
import type { Issues } from "./_issues.ts";
import type { Entered } from "./externals.ts";

/** Who has an address on a segment, and where the file speaks of it. */
interface Holder {
  readonly who: string;
  readonly path: Path;
}

/**
 * Whether addresses are unique where it matters: on one segment. The same address on two that are apart is fine, and the point of
 * some labs.
 */
export function checkSegments(
  nodes: readonly NodeSpec[],
  networks: readonly Entered[],
  externals: readonly ExternalSpec[],
  issues: Issues,
): void {
  const segments = new Map<string, Map<Ip, Holder>>();
  const take = (segment: string, addrs: readonly Prefix[], holder: Holder): void => {
    let taken = segments.get(segment);
    if (taken === undefined) segments.set(segment, (taken = new Map()));
    for (const ip of addrs.map(prefixIp)) {
      const other = taken.get(ip);
      if (other === undefined) taken.set(ip, holder);
      else if (other.who !== holder.who) {
        issues.addAtFirst(
          [holder.path, other.path],
          `${ip} of ${holder.who} is ${other.who}'s already, and both are on ${segment}`,
          "give one another number, or keep them on segments of their own",
        );
      }
    }
  };
  for (const [at, { name, uplinks }] of nodes.entries()) {
    const path = issues.isWritten(["nodes", at]) ? ["nodes", at] : ["nodes"];
    for (const { lan, addrs } of uplinks) take(`LAN ${lan}`, addrs, { who: `node ${name}`, path });
  }
  externals.forEach((external, at) => {
    const { name, lan } = external;
    take(`LAN ${lan}`, mainOf(external).addrs, { who: `external ${name}`, path: ["externals", at] });
  });
  for (const { entry, network } of networks) {
    const { join, driver } = network;
    const shared = join.kind === "l2" || (isOnSegment(driver) && join.kind !== "none") ? join.lan : undefined;
    for (const { name, gateways, pods } of network.nodes) {
      const segment = shared === undefined ? `the ${network.name} of ${name}` : `LAN ${shared}`;
      take(segment, gateways, { who: `node ${name}`, path: entry.addressesPath });
      for (const pod of pods) take(segment, pod.addrs, { who: `pod ${pod.name}`, path: entry.addressesPath });
    }
  }
}
