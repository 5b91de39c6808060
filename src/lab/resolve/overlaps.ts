import { type Prefix, networkOf, overlaps } from "../../values/index.ts";
import type { NodeSpec, PodNetwork } from "../topology.ts";
import type { Issues } from "./_issues.ts";
import type { Entered } from "./externals.ts";

/** Whether no node knows two networks with the same addresses: it could not tell which one is meant. */
export function checkOverlaps(networks: readonly Entered[], nodes: readonly NodeSpec[], issues: Issues): void {
  networks.forEach((second, at) => {
    for (const first of networks.slice(0, at)) {
      const clash = clashOf(first.network, second.network, nodes);
      if (clash === undefined) continue;
      const { node, a, b } = clash;
      issues.addAtFirst(
        [second.entry.addressesPath, second.entry.path],
        `node ${node} would know ${a} of network ${first.network.name} and ${b} of network ${second.network.name}, which overlap`,
        "give them addresses of their own, or keep the node out of one of them: gatewayHost: none with join l2 or none",
      );
    }
  });
}

function clashOf(first: PodNetwork, second: PodNetwork, nodes: readonly NodeSpec[]) {
  for (const { name: node } of nodes) {
    const theirs = knownAt(second, node);
    if (theirs.length === 0) continue;
    for (const a of knownAt(first, node)) {
      const b = theirs.find((each) => overlaps(a, each));
      if (b !== undefined) return { node, a, b };
    }
  }
  return undefined;
}

/** The prefixes of a network that are in a node's routing table. */
function knownAt({ join, nodes }: PodNetwork, name: string): readonly Prefix[] {
  const own = nodes.find((node) => node.name === name);
  const all = (): readonly Prefix[] => nodes.flatMap(({ podNets }) => podNets);
  // Nodes between know the way to routed pods too.
  if (own === undefined) return join.kind === "routes" ? all() : [];
  if (join.kind !== "none" && join.kind !== "l2") return all();
  return [...new Set(own.gateways.map(networkOf))];
}
