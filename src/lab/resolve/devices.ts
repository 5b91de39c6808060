import { driverOf, maxBridgePorts } from "../driver/index.ts";
import { childSpecOf, networksOn, tunnelsOn } from "../topology.ts";
import type { NetworkNode, NodeSpec, PodNetwork, Topology } from "../topology.ts";
import type { Path } from "../file/index.ts";
import type { Issues } from "./_issues.ts";
import type { Lan } from "./lans.ts";
import type { NetworkMembers, NodeEntry, NodeMember } from "./members.ts";

/** Names that every namespace has or its sysctl tree keeps. */
const kept = [
  ["lo", "the loopback device"],
  ["all", "the kernel, for sysctls of all interfaces"],
  ["default", "the kernel, for sysctls of new interfaces"],
] as const;

/** What Open vSwitch calls the devices of its datapaths, `system` and `netdev`. */
const ovsDevices = ["ovs-system", "ovs-netdev"] as const;

/** Whether interface names are unique in each namespace and no switch has too many ports. */
export function checkDevices(
  topology: Topology,
  { nodes, networks }: Found,
  lans: readonly Lan[],
  issues: Issues,
): void {
  for (const node of topology.nodes) checkNode(topology, node, networks, issues);
  checkFabric(topology, nodes, lans, issues);
}

/** What the file has. */
interface Found {
  readonly nodes: readonly NodeEntry[];
  readonly networks: readonly NetworkMembers[];
}

function checkNode(topology: Topology, node: NodeSpec, found: readonly NetworkMembers[], issues: Issues): void {
  const taken = new Map<string, string>(kept);
  for (const { dev, lan } of node.uplinks) taken.set(dev, `the node's interface on LAN ${lan}`);
  const hasOvs = networksOn(topology, node.name).some(({ network }) => network.driver.kind === "ovs");
  if (hasOvs) for (const dev of ovsDevices) taken.set(dev, "Open vSwitch, for its datapath");
  for (const { entry, members } of found) {
    const network = topology.networks.find(({ name }) => name === entry.name);
    const own = network?.nodes.find(({ name }) => name === node.name);
    const member = members.find(({ name }) => name === node.name);
    if (network === undefined || own === undefined || member === undefined) continue;
    const isOwn = network.driver.kind !== "cni" && childSpecOf(network.driver) === undefined;
    const other = taken.get(own.bridge);
    if (isOwn && other !== undefined) {
      const hint = "give it another name: bridge: NAME";
      issues.addAtFirst(
        [[...entry.path, "bridge"], [...entry.path, "name"], entry.path],
        `the bridge of network ${network.name} would be interface "${own.bridge}" on node ${node.name}, a name taken by ${other}`,
        hint,
      );
    }
    taken.set(own.bridge, found.length === 1 ? "the node's bridge" : `the bridge of network ${network.name}`);
    for (const dev of tunnelsOn(network, node)) {
      const by = taken.get(dev);
      if (by !== undefined) {
        issues.addAtFirst(
          [[...entry.path, own.bridge === dev ? "bridge" : "join"], entry.path],
          `network ${network.name} would have a device "${dev}" on node ${node.name}, a name taken by ${by}`,
          hintOf(own, dev, network),
        );
      }
      taken.set(dev, `the node's ${network.join.kind} device`);
    }
    checkPods(node, own, member, taken, issues);
    checkPorts(network, own, member, issues);
  }
}

/** What to do about the name of a tunnel that is taken. */
function hintOf({ bridge }: NetworkNode, tunnel: string, { join }: PodNetwork): string {
  if (bridge === tunnel) return "give the bridge another name";
  return join.kind === "vxlan" ? "give each network a vni of its own" : "join one of them in another way";
}

function checkPods(
  node: NodeSpec,
  { pods }: NetworkNode,
  member: NodeMember,
  taken: Map<string, string>,
  issues: Issues,
): void {
  for (const [at, pod] of pods.entries()) {
    if (pod.port === undefined) continue;
    const by = taken.get(pod.port);
    if (by !== undefined) {
      issues.add(
        member.pods[at]?.path ?? member.path,
        `pod ${pod.name} would be interface "${pod.port}" on node ${node.name}, a name taken by ${by}`,
        "give the pod another name",
      );
    }
    taken.set(pod.port, `pod ${pod.name}`);
  }
}

function checkPorts(
  { driver, join }: PodNetwork,
  { name, pods }: NetworkNode,
  member: NodeMember,
  issues: Issues,
): void {
  const { maxPorts } = driverOf(driver);
  const ports = pods.length + (join.kind === "l2" ? 1 : 0);
  if (ports <= maxPorts) return;
  issues.add(
    member.pods[0]?.path ?? member.path,
    `node ${name} needs ${ports} ports on its ${driver.kind}, which has ${maxPorts}`,
    "spread the pods over more nodes",
  );
}

function checkFabric(
  { nodes, externals, lans: specs }: Topology,
  members: readonly NodeEntry[],
  lans: readonly Lan[],
  issues: Issues,
): void {
  const taken = new Map<string, string>(kept);
  specs.forEach(({ bridge, name, vlan }, at) => {
    if (vlan !== undefined) return;
    const by = taken.get(bridge);
    if (by !== undefined)
      issues.add(
        lans[at]?.path ?? [],
        `LAN ${name} would be bridge "${bridge}", a name taken by ${by}`,
        "give the LAN another name",
      );
    taken.set(bridge, `LAN ${name}`);
  });
  const takePorts = ({ name, uplinks }: Pick<NodeSpec, "name" | "uplinks">, what: string, path: Path): void => {
    for (const { port, dev } of uplinks) {
      if (port === undefined) continue;
      const by = taken.get(port);
      if (by !== undefined) {
        issues.add(
          path,
          `${dev} of ${what} ${name} would be switch port "${port}", a name taken by ${by}`,
          `give the ${what} another name`,
        );
      }
      taken.set(port, `${dev} of ${what} ${name}`);
    }
  };
  nodes.forEach((node, at) => takePorts(node, "node", members[at]?.path ?? []));
  externals.forEach((external, at) => takePorts(external, "external", ["externals", at]));
  const lan = lans[0];
  if (lan !== undefined && nodes.length > maxBridgePorts) {
    issues.add(
      ["nodes"],
      `LAN ${lan.name} needs ${nodes.length} ports for the nodes, and a bridge has ${maxBridgePorts}`,
      "fewer nodes, with more pods each",
    );
  }
}
