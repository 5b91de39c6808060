import { type Codec, be16, be32, choice, flag, ip4, ip6, u16, u32, u8 } from "../../wire/index.ts";

/** TUNNEL_ENCAP_* of linux/if_tunnel.h: a UDP header around the tunnel. */
export const encapType = choice(u16, { none: 0, fou: 1, gue: 2, mpls: 3 });

/**
 * IP6_TNL_F_* of linux/ip6_tunnel.h. Above them the kernel tells what the tunnel's addresses allow at the moment
 * (IP6_TNL_F_CAP_*, worked out in ip6_tnl_link_config), which nobody sets.
 */
export const tunnelFlags: Codec<number> = {
  ...u32,
  name: "tunnel flags",
  get: (bytes, start, end) => u32.get(bytes, start, end) & 0xffff,
};

/** The rows of `IFLA_IPTUN_*` (linux/if_tunnel.h) that every tunnel over IP has; `address` fits the outer family. */
function ipTunnelRows<A>(address: Codec<A>) {
  return {
    /** Index of the device below. */
    link: [1, u32], // IFLA_IPTUN_LINK
    local: [2, address], // IFLA_IPTUN_LOCAL
    remote: [3, address], // IFLA_IPTUN_REMOTE
    /** Also the hop limit; 0 inherits. */
    ttl: [4, u8], // IFLA_IPTUN_TTL
    /** IPPROTO_* of what is carried, 0 for any. */
    proto: [9, u8], // IFLA_IPTUN_PROTO
    encapType: [15, encapType], // IFLA_IPTUN_ENCAP_TYPE
    encapFlags: [16, u16], // IFLA_IPTUN_ENCAP_FLAGS
    encapSport: [17, be16], // IFLA_IPTUN_ENCAP_SPORT
    encapDport: [18, be16], // IFLA_IPTUN_ENCAP_DPORT
    /** `external` to ip. */
    collectMetadata: [19, flag], // IFLA_IPTUN_COLLECT_METADATA
    fwMark: [20, u32], // IFLA_IPTUN_FWMARK
  } as const;
}

/** What tunnels over IPv4 add. */
export const ipv4TunnelRows = {
  ...ipTunnelRows(ip4),
  tos: [5, u8], // IFLA_IPTUN_TOS
  pmtuDisc: [10, u8], // IFLA_IPTUN_PMTUDISC
} as const;

/** What tunnels over IPv6 add. */
export const ipv6TunnelRows = {
  ...ipTunnelRows(ip6),
  encapLimit: [6, u8], // IFLA_IPTUN_ENCAP_LIMIT
  /** Traffic class and flow label. */
  flowInfo: [7, be32], // IFLA_IPTUN_FLOWINFO
  flags: [8, tunnelFlags], // IFLA_IPTUN_FLAGS
} as const;
