import { attrs, be16, choice, list, struct, u16, u32 } from "../../wire/index.ts";

/** `struct ifla_vlan_qos_mapping`. */
const qosMap = list(struct({ from: u32, to: u32 }), 1); // IFLA_VLAN_QOS_MAPPING

/** Bits of `flags`: `VLAN_FLAG_*` of linux/if_vlan.h. */
export const VLAN_FLAG = { REORDER_HDR: 1, GVRP: 2, LOOSE_BINDING: 4, MVRP: 8, BRIDGE_BINDING: 16 } as const;

/** An 802.1Q or 802.1ad tag on a lower device: `IFLA_VLAN_*` of linux/if_link.h. */
export const vlan = {
  data: attrs(() => ({
    id: [1, u16], // IFLA_VLAN_ID
    /** `VLAN_FLAG_*`; only the bits in `mask` are changed. */
    flags: [2, struct({ flags: u32, mask: u32 })], // IFLA_VLAN_FLAGS
    egressQos: [3, qosMap], // IFLA_VLAN_EGRESS_QOS
    ingressQos: [4, qosMap], // IFLA_VLAN_INGRESS_QOS
    protocol: [5, choice(be16, { "802.1q": 0x8100, "802.1ad": 0x88a8 })], // IFLA_VLAN_PROTOCOL
  })),
  lower: "link",
} as const;
