import { attrs, be16, be32, bool8, choice, flag, ip4, ip6, pair, u32, u8 } from "../../wire/index.ts";

/** Ethernet in UDP with options, RFC 8926: `IFLA_GENEVE_*` of linux/if_link.h. */
export const geneve = {
  data: attrs(() => ({
    id: [1, u32], // IFLA_GENEVE_ID
    remote: [2, ip4], // IFLA_GENEVE_REMOTE
    ttl: [3, u8], // IFLA_GENEVE_TTL
    tos: [4, u8], // IFLA_GENEVE_TOS
    port: [5, be16], // IFLA_GENEVE_PORT
    /** `external` to ip. */
    collectMetadata: [6, flag], // IFLA_GENEVE_COLLECT_METADATA
    remote6: [7, ip6], // IFLA_GENEVE_REMOTE6
    udpCsum: [8, bool8], // IFLA_GENEVE_UDP_CSUM
    udpZeroCsum6Tx: [9, bool8], // IFLA_GENEVE_UDP_ZERO_CSUM6_TX
    udpZeroCsum6Rx: [10, bool8], // IFLA_GENEVE_UDP_ZERO_CSUM6_RX
    /** IPv6 flow label. */
    label: [11, be32], // IFLA_GENEVE_LABEL
    ttlInherit: [12, bool8], // IFLA_GENEVE_TTL_INHERIT
    df: [13, choice(u8, { unset: 0, set: 1, inherit: 2 })], // IFLA_GENEVE_DF
    innerProtoInherit: [14, flag], // IFLA_GENEVE_INNER_PROTO_INHERIT
    /** UDP source ports, `[low, high]`. */
    portRange: [15, pair(be16)], // IFLA_GENEVE_PORT_RANGE
  })),
  lower: "none",
} as const;
