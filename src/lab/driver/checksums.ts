import { type PodNetwork, type Topology, type Uplink, networksOn } from "../topology.ts";
import { takesCopies } from "./ovs.ts";

/**
 * The interfaces on LANs, as `namespace/interface`, that send to an Open vSwitch which takes copies of frames and are none of its
 * ports: what leaves there must have its checksums.
 */
export function senders(topology: Topology): ReadonlySet<string> {
  const taken = new Set(topology.networks.flatMap(takenLan));
  if (taken.size === 0) return taken;
  const found = new Set<string>();
  const add = (netns: string, uplinks: readonly Uplink[]): void => {
    for (const { lan, dev, lower } of uplinks) if (taken.has(lan)) found.add(`${netns}/${lower ?? dev}`);
  };
  for (const { netns, uplinks } of topology.externals) add(netns, uplinks);
  for (const { name, netns, uplinks } of topology.nodes) {
    const ports = new Set(networksOn(topology, name).flatMap(({ network }) => takenLan(network)));
    add(
      netns,
      uplinks.filter(({ lan }) => !ports.has(lan)),
    );
  }
  return found;
}

/** The LAN whose interface is a port of the switch. */
function takenLan({ driver, join }: PodNetwork): string[] {
  return driver.kind === "ovs" && takesCopies(driver) && join.kind === "l2" ? [join.lan] : [];
}
