import { attrs, choice, u16 } from "../../wire/index.ts";

/** Several devices with one MAC address, told apart by IP address: `IFLA_IPVLAN_*` of linux/if_link.h. */
export const ipvlan = {
  data: attrs(() => ({
    mode: [1, choice(u16, { l2: 0, l3: 1, l3s: 2 })], // IFLA_IPVLAN_MODE
    flags: [2, choice(u16, { bridge: 0, private: 1, vepa: 2 })], // IFLA_IPVLAN_FLAGS
  })),
  lower: "link",
} as const;
