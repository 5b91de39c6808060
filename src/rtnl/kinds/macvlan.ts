import { attrs, choice, list, mac, s32, u16, u32 } from "../../wire/index.ts";

/** Bits of `flags`: `MACVLAN_FLAG_*` of linux/if_link.h. */
export const MACVLAN_FLAG = { NOPROMISC: 1, NODST: 2 } as const;

/** Several MAC addresses on one lower device: `IFLA_MACVLAN_*` of linux/if_link.h. */
export const macvlan = {
  data: attrs(() => ({
    mode: [1, choice(u32, { private: 1, vepa: 2, bridge: 4, passthru: 8, source: 16 })], // IFLA_MACVLAN_MODE
    /** `MACVLAN_FLAG_*`. */
    flags: [2, u16], // IFLA_MACVLAN_FLAGS
    macAddrMode: [3, choice(u32, { add: 0, del: 1, flush: 2, set: 3 })], // IFLA_MACVLAN_MACADDR_MODE
    macAddr: [4, mac], // IFLA_MACVLAN_MACADDR
    macAddrData: [5, list(mac, 4)], // IFLA_MACVLAN_MACADDR_DATA, of IFLA_MACVLAN_MACADDR
    macAddrCount: [6, u32], // IFLA_MACVLAN_MACADDR_COUNT
    bcQueueLen: [7, u32], // IFLA_MACVLAN_BC_QUEUE_LEN
    bcQueueLenUsed: [8, u32], // IFLA_MACVLAN_BC_QUEUE_LEN_USED
    bcCutoff: [9, s32], // IFLA_MACVLAN_BC_CUTOFF
  })),
  lower: "link",
} as const;
