import { attrs } from "../../wire/index.ts";
import { ipv6TunnelRows } from "./_iptun.ts";

/** Bits of `flags`: `IP6_TNL_F_*` of linux/ip6_tunnel.h. */
export const IP6_TNL_F = {
  IGN_ENCAP_LIMIT: 0x1,
  USE_ORIG_TCLASS: 0x2,
  USE_ORIG_FLOWLABEL: 0x4,
  MIP6_DEV: 0x8,
  RCV_DSCP_COPY: 0x10,
  USE_ORIG_FWMARK: 0x20,
  ALLOW_LOCAL_REMOTE: 0x40,
} as const;

/** IPv4 or IPv6 in IPv6, RFC 2473: `IFLA_IPTUN_*` of linux/if_tunnel.h. */
export const ip6tnl = { data: attrs(ipv6TunnelRows), lower: "data" } as const;
