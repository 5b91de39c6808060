import { ownerTag } from "../change/index.ts";
import type { SwitchFacts } from "../change/index.ts";
import type { Kernel } from "../kernel/index.ts";
import { type BridgeSpec, type PortSpec, switchChanges } from "../ovsdb/switch.ts";
import { driverOf } from "./driver/index.ts";
import { switchFolders } from "./switches.ts";
import { networksOn } from "./topology.ts";
import type { NodeSpec, Topology } from "./topology.ts";

/** What is not in order in the nodes' Open vSwitches, in words, by the node's or pod's name. */
export function switchProblems(kernel: Kernel, topology: Topology): ReadonlyMap<string, readonly string[]> {
  const wanted = new Map(
    topology.nodes.flatMap((node) => {
      const bridges = bridgesOf(topology, node);
      return bridges.length === 0 ? [] : [[node, bridges] as const];
    }),
  );
  if (wanted.size === 0) return new Map();
  const folderOf = switchFolders(topology.name);
  const owner = ownerTag(topology.name);
  const facts = kernel.facts({
    namespaces: [...wanted.keys()].map(({ netns }) => netns),
    depth: "links",
    switches: (netns) => ({ folder: folderOf(netns), owner }),
  });
  const found = new Map<string, string[]>();
  for (const [node, bridges] of wanted) {
    const there = facts.get(node.netns);
    if (there === undefined) continue;
    for (const [name, problem] of compare(node, bridges, there.ovs)) {
      const list = found.get(name);
      if (list === undefined) found.set(name, [problem]);
      else list.push(problem);
    }
  }
  return found;
}

function bridgesOf(topology: Topology, node: NodeSpec): readonly BridgeSpec[] {
  return networksOn(topology, node.name).flatMap(({ network, node: own }) => {
    const bridged = node.uplinks.find(({ bridge }) => bridge === own.bridge);
    return driverOf(network.driver).bridge?.(network, own, [], bridged) ?? [];
  });
}

function compare(
  node: NodeSpec,
  bridges: readonly BridgeSpec[],
  ovs: SwitchFacts | undefined,
): readonly (readonly [member: string, problem: string])[] {
  if (ovs?.bridges === undefined) return [[node.name, "Open vSwitch does not run"]];
  const podOf = new Map(node.pods.map(({ name, port }) => [port as string, name]));
  const broken = ovs.bridges.flatMap(({ ports }) =>
    ports.flatMap(({ name, error }) =>
      error === undefined ? [] : [[podOf.get(name) ?? node.name, `port ${name} on ${node.name}: ${error}`] as const],
    ),
  );
  const differing = switchChanges(ovs.bridges, bridges).flatMap((change): (readonly [string, string])[] => {
    switch (change.do) {
      case "bridge.add":
        return [[node.name, `Open vSwitch has no bridge ${change.bridge.name}`]];
      case "bridge.set":
        return [[node.name, `${change.bridge.name} is not set up as it shall be`]];
      case "port.add":
        return [[podOf.get(change.port.name) ?? node.name, `${change.port.name} is no port of ${change.bridge}`]];
      case "port.set": {
        const says = `port ${change.port.name} is ${vlanOf(change.was)}, shall be ${vlanOf(change.port)}`;
        return [[podOf.get(change.port.name) ?? node.name, says]];
      }
      // What else there is of ours is in nobody's way.
      case "bridge.delete":
      case "port.delete":
        return [];
      default:
        return change satisfies never;
    }
  });
  return [...broken, ...differing];
}

const vlanOf = ({ tag }: PortSpec): string => (tag === undefined ? "in no VLAN" : `in VLAN ${tag}`);
