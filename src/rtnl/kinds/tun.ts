import { attrs, bool8, choice, u32, u8 } from "../../wire/index.ts";

/** A device backed by a file descriptor: `IFLA_TUN_*` of linux/if_link.h. Read only, TUNSETIFF makes one. */
export const tun = {
  data: attrs(() => ({
    owner: [1, u32], // IFLA_TUN_OWNER
    group: [2, u32], // IFLA_TUN_GROUP
    type: [3, choice(u8, { tun: 1, tap: 2 })], // IFLA_TUN_TYPE: IFF_TUN, IFF_TAP of linux/if_tun.h
    packetInfo: [4, bool8], // IFLA_TUN_PI
    vnetHdr: [5, bool8], // IFLA_TUN_VNET_HDR
    persist: [6, bool8], // IFLA_TUN_PERSIST
    multiQueue: [7, bool8], // IFLA_TUN_MULTI_QUEUE
    numQueues: [8, u32], // IFLA_TUN_NUM_QUEUES
    numDisabledQueues: [9, u32], // IFLA_TUN_NUM_DISABLED_QUEUES
  })),
  lower: "none",
} as const;
