import { attrs } from "../../wire/index.ts";
import { gre4Rows } from "./_gre.ts";

/** Generic routing encapsulation, IP over IPv4, RFC 2784 and 2890: `IFLA_GRE_*` of linux/if_tunnel.h. */
export const gre = { data: attrs(gre4Rows), lower: "data" } as const;
