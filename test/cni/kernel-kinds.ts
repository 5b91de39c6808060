/** Kinds of links this kernel does not know, with the option of its configuration that would bring them. */
import { Box } from "./box.ts";

const options: Readonly<Record<string, { readonly option: string; readonly add: string }>> = {
  vlan: {
    option: "CONFIG_VLAN_8021Q",
    add: "ip link add probe0 type veth; ip link add link probe0 name probe type vlan id 5",
  },
  ipvlan: {
    option: "CONFIG_IPVLAN",
    add: "ip link add probe0 type veth; ip link add link probe0 name probe type ipvlan",
  },
  macvlan: {
    option: "CONFIG_MACVLAN",
    add: "ip link add probe0 type veth; ip link add link probe0 name probe type macvlan",
  },
  dummy: { option: "CONFIG_DUMMY", add: "ip link add probe type dummy" },
  vrf: { option: "CONFIG_NET_VRF", add: "ip link add probe type vrf table 7" },
  ifb: { option: "CONFIG_IFB", add: "ip link add probe type ifb" },
  "bridge vlan": { option: "CONFIG_BRIDGE_VLAN_FILTERING", add: "ip link add probe type bridge vlan_filtering 1" },
  tap: { option: "CONFIG_TUN", add: "ip tuntap add probe mode tap" },
};

/** The option of the kernel's configuration that brings a kind. @throws {Error} for an unknown kind */
export function optionOf(kind: string): string {
  return known(kind).option;
}

/** The option that is missing for a kind, or `undefined` where the kernel has it. @throws {Error} for an unknown kind */
export async function missing(kind: string): Promise<string | undefined> {
  const { option, add } = known(kind);
  using box = await Box.open();
  return box.try(["sh", "-ec", add]).code === 0 ? undefined : option;
}

function known(kind: string): { readonly option: string; readonly add: string } {
  const found = options[kind];
  if (found === undefined) throw new Error(`no way is known to ask the kernel for ${kind}`);
  return found;
}
