import {
  type Codec,
  attrs,
  be16,
  be32,
  bool8,
  choice,
  flag,
  ip4,
  ip6,
  pair,
  struct,
  u32,
  u8,
} from "../../wire/index.ts";

/** Asked as a flag without payload, answered as a byte: both are read. */
const flagOrByte: Codec<boolean> = {
  name: "flag or byte",
  get: (bytes, start, end) => end === start || bytes.u8[start] !== 0,
  put: bool8.put,
};

/** Ethernet in UDP, RFC 7348: `IFLA_VXLAN_*` of linux/if_link.h. */
export const vxlan = {
  data: attrs(() => ({
    id: [1, u32], // IFLA_VXLAN_ID
    /** Remote address, or multicast group. */
    group: [2, ip4], // IFLA_VXLAN_GROUP
    /** Index of the device below. */
    link: [3, u32], // IFLA_VXLAN_LINK
    local: [4, ip4], // IFLA_VXLAN_LOCAL
    ttl: [5, u8], // IFLA_VXLAN_TTL
    tos: [6, u8], // IFLA_VXLAN_TOS
    learning: [7, bool8], // IFLA_VXLAN_LEARNING
    /** Seconds. */
    ageing: [8, u32], // IFLA_VXLAN_AGEING
    /** Forwarding entries, 0 for any number. */
    limit: [9, u32], // IFLA_VXLAN_LIMIT
    /** UDP source ports, `[low, high]`. */
    portRange: [10, pair(be16)], // IFLA_VXLAN_PORT_RANGE
    proxy: [11, bool8], // IFLA_VXLAN_PROXY
    rsc: [12, bool8], // IFLA_VXLAN_RSC
    l2miss: [13, bool8], // IFLA_VXLAN_L2MISS
    l3miss: [14, bool8], // IFLA_VXLAN_L3MISS
    /** UDP destination port: 4789 by IANA, the kernel's default is 8472. */
    port: [15, be16], // IFLA_VXLAN_PORT
    group6: [16, ip6], // IFLA_VXLAN_GROUP6
    local6: [17, ip6], // IFLA_VXLAN_LOCAL6
    udpCsum: [18, bool8], // IFLA_VXLAN_UDP_CSUM
    udpZeroCsum6Tx: [19, bool8], // IFLA_VXLAN_UDP_ZERO_CSUM6_TX
    udpZeroCsum6Rx: [20, bool8], // IFLA_VXLAN_UDP_ZERO_CSUM6_RX
    remCsumTx: [21, bool8], // IFLA_VXLAN_REMCSUM_TX
    remCsumRx: [22, bool8], // IFLA_VXLAN_REMCSUM_RX
    /** Group based policy: the peer must speak it too. */
    gbp: [23, flag], // IFLA_VXLAN_GBP
    remCsumNoPartial: [24, flag], // IFLA_VXLAN_REMCSUM_NOPARTIAL
    /** `external` to ip: the flow, not the device, says where a frame goes. */
    collectMetadata: [25, bool8], // IFLA_VXLAN_COLLECT_METADATA
    /** IPv6 flow label. */
    label: [26, be32], // IFLA_VXLAN_LABEL
    gpe: [27, flag], // IFLA_VXLAN_GPE
    ttlInherit: [28, { set: flag, get: flagOrByte }], // IFLA_VXLAN_TTL_INHERIT
    df: [29, choice(u8, { unset: 0, set: 1, inherit: 2 })], // IFLA_VXLAN_DF
    /** Only with `collectMetadata`. */
    vniFilter: [30, bool8], // IFLA_VXLAN_VNIFILTER
    localBypass: [31, bool8], // IFLA_VXLAN_LOCALBYPASS
    labelPolicy: [32, choice(u32, { fixed: 0, inherit: 1 })], // IFLA_VXLAN_LABEL_POLICY
    /** The bits of `struct vxlanhdr` that must be zero in received packets. */
    reservedBits: [33, struct({ flags: be32, vni: be32 })], // IFLA_VXLAN_RESERVED_BITS
    mcRoute: [34, bool8], // IFLA_VXLAN_MC_ROUTE
  })),
  lower: "data",
} as const;
