import { attrs, ip4, ip6, u16 } from "../../wire/index.ts";
import { ipv4TunnelRows } from "./_iptun.ts";

/** IPv6 in IPv4, RFC 4213 and 6rd RFC 5969: `IFLA_IPTUN_*` of linux/if_tunnel.h. */
export const sit = {
  data: attrs(() => ({
    ...ipv4TunnelRows,
    /** SIT_ISATAP. */
    flags: [8, u16], // IFLA_IPTUN_FLAGS
    sixRdPrefix: [11, ip6], // IFLA_IPTUN_6RD_PREFIX
    sixRdRelayPrefix: [12, ip4], // IFLA_IPTUN_6RD_RELAY_PREFIX
    sixRdPrefixLength: [13, u16], // IFLA_IPTUN_6RD_PREFIXLEN
    sixRdRelayPrefixLength: [14, u16], // IFLA_IPTUN_6RD_RELAY_PREFIXLEN
  })),
  lower: "data",
} as const;
