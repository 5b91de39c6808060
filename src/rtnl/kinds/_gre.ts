import { type Codec, be16, be32, flag, ip4, ip6, u16, u32, u8 } from "../../wire/index.ts";
import { encapType, tunnelFlags } from "./_iptun.ts";

/** Bits of `iFlags` and `oFlags`: `GRE_*` of linux/if_tunnel.h. */
export const GRE_FLAG = { CSUM: 0x8000, KEY: 0x2000, SEQ: 0x1000 } as const;

/** The rows of `IFLA_GRE_*` (linux/if_tunnel.h) that every GRE device has; `address` fits the outer family. */
function greRows<A>(address: Codec<A>) {
  return {
    /** Index of the device below. */
    link: [1, u32], // IFLA_GRE_LINK
    /** `GRE_*` bits expected on input. */
    iFlags: [2, be16], // IFLA_GRE_IFLAGS
    /** `GRE_*` bits put on output. */
    oFlags: [3, be16], // IFLA_GRE_OFLAGS
    iKey: [4, be32], // IFLA_GRE_IKEY
    oKey: [5, be32], // IFLA_GRE_OKEY
    local: [6, address], // IFLA_GRE_LOCAL
    remote: [7, address], // IFLA_GRE_REMOTE
    ttl: [8, u8], // IFLA_GRE_TTL
    tos: [9, u8], // IFLA_GRE_TOS
    pmtuDisc: [10, u8], // IFLA_GRE_PMTUDISC
    encapLimit: [11, u8], // IFLA_GRE_ENCAP_LIMIT
    /** Traffic class and flow label. */
    flowInfo: [12, be32], // IFLA_GRE_FLOWINFO
    flags: [13, tunnelFlags], // IFLA_GRE_FLAGS
    encapType: [14, encapType], // IFLA_GRE_ENCAP_TYPE
    encapFlags: [15, u16], // IFLA_GRE_ENCAP_FLAGS
    encapSport: [16, be16], // IFLA_GRE_ENCAP_SPORT
    encapDport: [17, be16], // IFLA_GRE_ENCAP_DPORT
    /** `external` to ip. */
    collectMetadata: [18, flag], // IFLA_GRE_COLLECT_METADATA
    ignoreDf: [19, u8], // IFLA_GRE_IGNORE_DF
    fwMark: [20, u32], // IFLA_GRE_FWMARK
    erspanIndex: [21, u32], // IFLA_GRE_ERSPAN_INDEX
    erspanVersion: [22, u8], // IFLA_GRE_ERSPAN_VER
    erspanDirection: [23, u8], // IFLA_GRE_ERSPAN_DIR
    erspanHwId: [24, u16], // IFLA_GRE_ERSPAN_HWID
  } as const;
}

export const gre4Rows = greRows(ip4);
export const gre6Rows = greRows(ip6);
