import { attrs } from "../../wire/index.ts";
import { gre6Rows } from "./_gre.ts";

/** Generic routing encapsulation, IP over IPv6, RFC 2784 and 2890: `IFLA_GRE_*` of linux/if_tunnel.h. */
export const ip6gre = { data: attrs(() => gre6Rows), lower: "data" } as const;
