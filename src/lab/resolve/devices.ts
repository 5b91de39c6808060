import { driverOf, maxBridgePorts } from "../driver/index.ts";
import { networksOn, tunnelsOn } from "../topology.ts";
import type { NodeSpec, Topology } from "../topology.ts";
import type { Issues } from "./_issues.ts";
import type { Lan } from "./lans.ts";
import type { NodeMember } from "./members.ts";

/** Names that every namespace has or its sysctl tree keeps. */
const kept = [
  ["lo", "the loopback device"],
  ["all", "the kernel, for sysctls of all interfaces"],
  ["default", "the kernel, for sysctls of new interfaces"],
] as const;

/** Whether interface names are unique in each namespace and no switch has too many ports. */
export function checkDevices(
  topology: Topology,
  members: readonly NodeMember[],
  lans: readonly Lan[],
  issues: Issues,
): void {
  topology.nodes.forEach((node, at) => {
    const member = members[at];
    if (member !== undefined) checkNode(topology, node, member, issues);
  });
  checkFabric(topology, members, lans, issues);
}

function checkNode(topology: Topology, node: NodeSpec, member: NodeMember, issues: Issues): void {
  const here = networksOn(topology, node.name);
  const taken = new Map<string, string>([
    ...kept,
    ...here.map((each) => [each.node.bridge, "the node's bridge"] as const),
  ]);
  for (const { dev, lan } of node.uplinks) taken.set(dev, `the node's interface on LAN ${lan}`);
  for (const { network } of here)
    for (const dev of tunnelsOn(network, node)) taken.set(dev, `the node's ${network.join.kind} device`);
  for (const [at, pod] of node.pods.entries()) {
    if (pod.port === undefined) continue;
    const by = taken.get(pod.port);
    const path = member.pods[at]?.path ?? member.path;
    if (by !== undefined) {
      issues.add(
        path,
        `pod ${pod.name} would be interface "${pod.port}" on node ${node.name}, a name taken by ${by}`,
        "give the pod another name",
      );
    }
    taken.set(pod.port, `pod ${pod.name}`);
  }
  for (const { network, node: own } of here) {
    const { maxPorts } = driverOf(network.driver);
    const ports = own.pods.length + (network.join.kind === "l2" ? 1 : 0);
    if (ports <= maxPorts) continue;
    issues.add(
      member.pods[0]?.path ?? member.path,
      `node ${node.name} needs ${ports} ports on its ${network.driver.kind}, which has ${maxPorts}`,
      "spread the pods over more nodes",
    );
  }
}

function checkFabric(
  { nodes, lans: specs }: Topology,
  members: readonly NodeMember[],
  lans: readonly Lan[],
  issues: Issues,
): void {
  const taken = new Map<string, string>(kept);
  specs.forEach(({ bridge, name }, at) => {
    const by = taken.get(bridge);
    if (by !== undefined)
      issues.add(
        lans[at]?.path ?? [],
        `LAN ${name} would be bridge "${bridge}", a name taken by ${by}`,
        "give the LAN another name",
      );
    taken.set(bridge, `LAN ${name}`);
  });
  nodes.forEach((node, at) => {
    for (const { port, dev } of node.uplinks) {
      const by = taken.get(port);
      if (by !== undefined) {
        issues.add(
          members[at]?.path ?? [],
          `${dev} of node ${node.name} would be switch port "${port}", a name taken by ${by}`,
          "give the node another name",
        );
      }
      taken.set(port, `${dev} of node ${node.name}`);
    }
  });
  const lan = lans[0];
  if (lan !== undefined && nodes.length > maxBridgePorts) {
    issues.add(
      ["nodes"],
      `LAN ${lan.name} needs ${nodes.length} ports for the nodes, and a bridge has ${maxBridgePorts}`,
      "fewer nodes, with more pods each",
    );
  }
}
