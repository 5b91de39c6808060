import { parseIfName, shortIfName, stableMac, tryIfName } from "../../values/index.ts";
import type { IfName } from "../../values/index.ts";
import { childSpecOf } from "../topology.ts";
import type { ChildSpec, DriverSpec, NetworkNode, PodSpec, Uplink } from "../topology.ts";
import type { AddressPlan } from "./addresses.ts";
import { takesAll } from "./driver.ts";
import type { NodeMember, PodMember } from "./members.ts";
import type { NetworkEntry } from "./networks.ts";
import { matcher } from "./pattern.ts";

/** What the bridge plugin calls its bridge unless told otherwise (CNI plugins, bridge). */
const cniBridge = "cni0";

/** Nodes and pods with their interfaces and addresses. */
export function nodesOf(
  labName: string,
  entry: NetworkEntry,
  driver: DriverSpec,
  members: readonly NodeMember[],
  allUplinks: ReadonlyMap<string, readonly Uplink[]>,
  plan: AddressPlan,
): readonly NetworkNode[] {
  const child = childSpecOf(driver);
  return members.map((member) => {
    const uplinks = allUplinks.get(member.name) ?? [];
    const below = uplinks.find(({ lan }) => lan === child?.lan);
    const hasNone = driver.kind === "cni" || takesAll(driver);
    return {
      name: member.name,
      netns: `${labName}-${member.name}`,
      number: member.number,
      bridge: driver.kind === "cni" ? switchOf(entry.cni?.conflist) : placeOn(entry, child, below),
      gateways: hasNone ? [] : plan.gateway(member),
      podNets: plan.net(member),
      uplinks,
      pods: member.pods.map((pod) => {
        const spec = podOf(labName, entry.interface, pod);
        if (driver.kind === "cni") return spec;
        const addrs = plan.pod(member, pod.number);
        if (driver.kind === "ovs") return { ...spec, port: shortIfName(pod.name), ...vlanOf(entry, pod.name), addrs };
        if (child === undefined) return { ...spec, port: shortIfName(pod.name), addrs };
        return { ...spec, ...(below !== undefined && sharesMac(child) && { mac: below.mac }), addrs };
      }),
    };
  });
}

/** Of the VLANs that name the pod, the last. */
function vlanOf({ driver }: NetworkEntry, pod: string): Pick<PodSpec, "vlan"> {
  if (driver.kind !== "ovs") return {};
  const found = driver.vlans.findLast(({ pods }) =>
    (typeof pods === "string" ? [pods] : pods).some((pattern) => matcher(pattern)(pod)),
  );
  return found === undefined ? {} : { vlan: found.id };
}

/** The device by which a node is among its pods. */
function placeOn({ bridge }: NetworkEntry, child: ChildSpec | undefined, below: Uplink | undefined): IfName {
  if (child === undefined || below === undefined) return bridge;
  return takesAll(child) ? below.dev : shortIfName(`${child.kind}-${below.dev}`);
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
