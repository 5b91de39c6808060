import { parseIfName, shortIfName, stableMac } from "../../values/index.ts";
import type { IfName, Prefix } from "../../values/index.ts";
import type { LabFile } from "../file/index.ts";
import type { NodeSpec, PodSpec, Uplink } from "../topology.ts";
import type { AddressPlan } from "./addresses.ts";
import { addressesOn } from "./lans.ts";
import type { Lan } from "./lans.ts";
import type { NodeMember, PodMember } from "./members.ts";

const bridge = parseIfName("br0");

/** Nodes and pods with their interfaces and addresses. */
export function nodesOf(
  lab: LabFile,
  members: readonly NodeMember[],
  lans: readonly Lan[],
  plan: AddressPlan,
): readonly NodeSpec[] {
  const { name: labName } = lab.spec;
  return members.map((member) => ({
    name: member.name,
    netns: `${labName}-${member.name}`,
    number: member.number,
    bridge,
    gateways: plan.host(member, plan.gatewayHost),
    podNets: plan.net(member),
    uplinks: lans.map((lan, at) => uplinkOf(labName, member, lan, at)),
    pods: member.pods.map((pod) => podOf(labName, lab.spec.interface, pod, plan.host(member, pod.number))),
  }));
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

function podOf(labName: string, ifname: IfName, { name, number }: PodMember, addrs: readonly Prefix[]): PodSpec {
  return {
    name,
    netns: `${labName}-${name}`,
    number,
    ifname,
    port: shortIfName(name),
    mac: stableMac(`${labName}/${name}/${ifname}`),
    addrs,
  };
}
