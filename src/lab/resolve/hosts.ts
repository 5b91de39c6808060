import { shuffle } from "../../xcluster/shuffle.ts";
import type { Issues } from "./_issues.ts";
import type { NodeMember } from "./members.ts";
import type { NetworkEntry } from "./networks.ts";

/** The host slots of a network's members. */
export interface Hosts {
  /** The node's own; nothing where it has none. */
  readonly gateway: (node: NodeMember) => number | undefined;
  /** Of the pod with that number on the node. */
  readonly pod: (node: NodeMember, number: number) => number;
}

/**
 * Who has which host slot: gateways the one of `gatewayHost` and pods their numbers, or all of them what a shuffled list has: its
 * first numbers for the nodes, then those of each node's pods.
 */
export function hostsOf(entry: NetworkEntry, members: readonly NodeMember[], issues: Issues): Hosts {
  const { shuffle: wanted, gatewayHost } = entry.addresses;
  const hasGateways = gatewayHost !== "none";
  if (wanted === undefined)
    return { gateway: () => (hasGateways ? gatewayHost : undefined), pod: (_, number) => number };
  const path = [...entry.addressesPath, "shuffle"];
  if (entry.driver.kind === "cni") {
    issues.add(path, "CNI plugins give the pods their addresses", "leave shuffle out, or take another driver");
  }
  const pods = members.reduce((sum, node) => sum + node.pods.length, 0);
  if (members.length + pods > wanted.count) {
    issues.add(
      path,
      `${members.length} nodes and ${pods} pods want ${members.length + pods} numbers, and the list has ${wanted.count}`,
      `write count: ${members.length + pods} or more, as far as the host slot has room`,
    );
  }
  const { numbers } = shuffle(String(wanted.seed), wanted.count);
  const own = new Map(members.map(({ name }, at) => [name, numbers[at] ?? 0]));
  const podHosts = new Map<string, number>();
  let next = members.length;
  for (const node of members) {
    for (const { number } of node.pods) podHosts.set(`${node.name}/${number}`, numbers[next++] ?? 0);
  }
  return {
    gateway: ({ name }) => (hasGateways ? own.get(name) : undefined),
    pod: ({ name }, number) => podHosts.get(`${name}/${number}`) ?? 0,
  };
}
