import { attrs, u32 } from "../../wire/index.ts";

/** A routing domain: `IFLA_VRF_*`, `IFLA_VRF_PORT_*` of linux/if_link.h. */
export const vrf = {
  data: attrs(() => ({
    table: [1, u32], // IFLA_VRF_TABLE
  })),
  port: attrs(() => ({
    table: [1, u32], // IFLA_VRF_PORT_TABLE
  })),
  lower: "none",
} as const;
