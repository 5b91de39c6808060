import { attrs } from "../../wire/index.ts";
import { ipv4TunnelRows } from "./_iptun.ts";

/** IPv4 in IPv4, RFC 2003: `IFLA_IPTUN_*` of linux/if_tunnel.h. */
export const ipip = { data: attrs(ipv4TunnelRows), lower: "data" } as const;
