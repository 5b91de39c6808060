import { parseIfName, shortIfName, stableMac, tryIfName } from "../../values/index.ts";
import type { IfName } from "../../values/index.ts";
import type { LabFile } from "../file/index.ts";
import { childSpecOf } from "../topology.ts";
import type { ChildSpec, DriverSpec, NetworkNode, PodSpec, Uplink } from "../topology.ts";
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
  driver: DriverSpec,
  members: readonly NodeMember[],
  lans: readonly Lan[],
  plan: AddressPlan,
): readonly NetworkNode[] {
  const { name: labName, network } = lab.spec;
  const child = childSpecOf(driver);
  return members.map((member) => {
    const uplinks = lans.map((lan, at) => uplinkOf(labName, member, lan, at));
    const below = uplinks.find(({ lan }) => lan === child?.lan);
    const hasNone = driver.kind === "cni" || (driver.kind === "macvlan" && driver.mode === "passthru");
    return {
      name: member.name,
      netns: `${labName}-${member.name}`,
      number: member.number,
      bridge: driver.kind === "cni" ? switchOf(network.cni?.conflist) : placeOn(child, below),
      gateways: hasNone ? [] : plan.host(member, plan.gatewayHost),
      podNets: plan.net(member),
      uplinks,
      pods: member.pods.map((pod) => {
        const spec = podOf(labName, lab.spec.interface, pod);
        if (driver.kind === "cni") return spec;
        const addrs = plan.host(member, pod.number);
        if (child === undefined) return { ...spec, port: shortIfName(pod.name), addrs };
        return { ...spec, ...(below !== undefined && sharesMac(child) && { mac: below.mac }), addrs };
      }),
    };
  });
}

/** The device by which a node is among its pods. */
function placeOn(child: ChildSpec | undefined, below: Uplink | undefined): IfName {
  if (child === undefined || below === undefined) return bridge;
  return child.kind === "macvlan" && child.mode === "passthru" ? below.dev : parseIfName(`${child.kind}-${below.dev}`);
}

/** Whether children have the MAC address of the interface they stand on. */
function sharesMac(child: ChildSpec): boolean {
  return child.kind === "ipvlan" || child.mode === "passthru";
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
