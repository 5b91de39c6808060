import { parseIfName, shortIfName, stableMac, tryIfName } from "../../values/index.ts";
import type { IfName } from "../../values/index.ts";
import type { LabFile } from "../file/index.ts";
import type { NetworkNode, PodSpec, Uplink } from "../topology.ts";
import type { AddressPlan } from "./addresses.ts";
import { addressesOn } from "./lans.ts";
import type { Lan } from "./lans.ts";
import type { NodeMember, PodMember } from "./members.ts";

const bridge = parseIfName("br0");
/** What the bridge plugin calls its bridge unless told otherwise (CNI plugins, bridge). */
const cniBridge = "cni0";

/** Nodes and pods with their interfaces and addresses. */
export function nodesOf(
  lab: LabFile,
  members: readonly NodeMember[],
  lans: readonly Lan[],
  plan: AddressPlan,
): readonly NetworkNode[] {
  const { name: labName, network } = lab.spec;
  const byPlugins = network.driver === "cni";
  return members.map((member) => ({
    name: member.name,
    netns: `${labName}-${member.name}`,
    number: member.number,
    bridge: byPlugins ? switchOf(network.cni?.conflist) : bridge,
    gateways: byPlugins ? [] : plan.host(member, plan.gatewayHost),
    podNets: plan.net(member),
    uplinks: lans.map((lan, at) => uplinkOf(labName, member, lan, at)),
    pods: member.pods.map((pod) => {
      const spec = podOf(labName, lab.spec.interface, pod);
      return byPlugins ? spec : { ...spec, port: shortIfName(pod.name), addrs: plan.host(member, pod.number) };
    }),
  }));
}

/** The device that stands for a network of plugins on a node: their bridge, where they have one. */
function switchOf(conflist: unknown): IfName {
  const first = Array.isArray(Reflect.get(Object(conflist), "plugins"))
    ? Reflect.get(Object(conflist), "plugins")[0]
    : {};
  const { type, bridge: name = cniBridge } = Object(first) as { type?: unknown; bridge?: unknown };
  return (type === "bridge" && typeof name === "string" ? tryIfName(name) : undefined) ?? parseIfName("lo");
}

function uplinkOf(labName: string, { name, number }: NodeMember, lan: Lan, at: number): Uplink {
  const dev = parseIfName(`eth${at + 1}`);
  return {
    lan: lan.name,
    dev,
    port: shortIfName(`${name}-${dev}`),
    mac: stableMac(`${labName}/${name}/${dev}`),
    addrs: addressesOn(lan, number),
  };
}

function podOf(labName: string, ifname: IfName, { name, number }: PodMember): PodSpec {
  return {
    name,
    netns: `${labName}-${name}`,
    number,
    ifname,
    mac: stableMac(`${labName}/${name}/${ifname}`),
    addrs: [],
  };
}
