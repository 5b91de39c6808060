import type { Facts } from "../change/index.ts";
import { mainOf, networksOn, tunnelsOn } from "../lab/topology.ts";
import type { NodeSpec, Topology } from "../lab/topology.ts";
import type { IfName } from "../values/index.ts";
import { idOf, placeNames } from "./model.ts";
import type { State, States } from "./model.ts";

/**
 * Reads the states of a lab's boxes out of what is in its namespaces now. A device is up when it is set up and has a
 * carrier; a node when all its uplinks are; a bridge without any port has no carrier and counts by its setting alone.
 */
export function statesOf(topology: Topology, facts: Facts): States {
  const states = new Map<string, State>();
  for (const lan of topology.lans) {
    states.set(idOf("lan", lan.name), bridgeState(facts, topology.fabric, lan.bridge));
  }
  for (const node of topology.nodes) addNode(states, topology, node, facts);
  for (const external of topology.externals) {
    states.set(idOf("external", external.name), deviceState(facts, external.netns, mainOf(external).dev));
  }
  return states;
}

function addNode(states: Map<string, State>, topology: Topology, node: NodeSpec, facts: Facts): void {
  const uplinks = node.uplinks.map(({ dev }) => deviceState(facts, node.netns, dev));
  states.set(idOf("node", node.name), facts.has(node.netns) ? worst(uplinks) : "down");
  for (const { network, node: own } of networksOn(topology, node.name)) {
    const names = placeNames(topology, network, node);
    states.set(idOf("bridge", ...names), bridgeState(facts, node.netns, own.bridge));
    const tunnels = tunnelsOn(network, node).map((dev) => deviceState(facts, node.netns, dev));
    if (tunnels.length > 0) states.set(idOf("vtep", ...names), worst(tunnels));
  }
  for (const pod of node.pods) {
    states.set(idOf("pod", node.name, pod.name), deviceState(facts, pod.netns, pod.ifname));
  }
}

function deviceState(facts: Facts, netns: string, dev: IfName): State {
  const link = facts.get(netns)?.links.find(({ name }) => name === dev);
  return link !== undefined && link.up && link.carrier ? "up" : "down";
}

function bridgeState(facts: Facts, netns: string, bridge: IfName): State {
  const link = facts.get(netns)?.links.find(({ name }) => name === bridge);
  return link !== undefined && link.up ? "up" : "down";
}

function worst(states: readonly State[]): State {
  return states.includes("down") ? "down" : "up";
}
