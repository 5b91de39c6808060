import { driverOf } from "../driver/index.ts";
import { needsOfJoin } from "../join/index.ts";
import type { PodNetwork, Topology } from "../topology.ts";

/** Findings that every lab needs to be good. */
const basic = ["privileges.namespaces", "link.veth", "link.bridge"] as const;

/** What a lab needs of the kernel, as ids of findings; without a lab, what basic labs need. */
export function needsOf(topology: Topology | undefined): ReadonlySet<string> {
  if (topology === undefined) return new Set([...basic, "link.vxlan"]);
  const rates = topology.impairments.some(({ rate }) => rate !== undefined);
  const netem = topology.impairments.some((one) =>
    [one.delay, one.jitter, one.loss].some((what) => what !== undefined),
  );
  return new Set([
    ...basic,
    ...topology.networks.flatMap(({ driver, join }) => [...driverOf(driver).needs, ...needsOfJoin(join)]),
    ...(topology.lans.some(({ vlan }) => vlan !== undefined) ? ["link.vlan"] : []),
    ...(rates && !netem ? ["qdisc.tbf"] : []),
    ...(netem ? ["qdisc.netem"] : []),
  ]);
}

/** How many neighbours all its members know when everybody spoke to everybody: the kernel's tables are the whole machine's. */
export function neighboursOf({ networks }: Topology): number {
  return networks.reduce((sum, network) => sum + neighboursIn(network), 0);
}

function neighboursIn({ nodes, join }: PodNetwork): number {
  const counts = nodes.map(({ pods }) => pods.length);
  const all = counts.reduce((sum, count) => sum + count, 0);
  // Members of one segment know each other; others only their gateway, which knows them.
  const squares = join.kind === "l2" ? all * all : counts.reduce((sum, count) => sum + count * count, 0);
  return squares + 2 * all;
}
