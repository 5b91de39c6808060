import { pad, s32, struct, u16, u32, u8 } from "../wire/index.ts";

/** `struct ifinfomsg` of linux/rtnetlink.h. */
export const ifinfomsg = struct({
  family: u8,
  pad: pad(1),
  /** ARPHRD_* of linux/if_arp.h. */
  type: u16,
  index: s32,
  /** IFF_* of linux/if.h. */
  flags: u32,
  /** Which flags are meant. */
  change: u32,
});

export interface IfInfo {
  readonly family: number;
  readonly pad: 0;
  readonly type: number;
  readonly index: number;
  readonly flags: number;
  readonly change: number;
}

/** A header with zeros where nothing is said. */
export function ifinfo(part: Partial<IfInfo> = {}): IfInfo {
  return { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0, ...part };
}

/** `IFF_*` of linux/if.h. */
export const IFF = {
  UP: 0x1,
  BROADCAST: 0x2,
  LOOPBACK: 0x8,
  POINTOPOINT: 0x10,
  RUNNING: 0x40,
  NOARP: 0x80,
  PROMISC: 0x100,
  ALLMULTI: 0x200,
  MULTICAST: 0x1000,
  LOWER_UP: 0x10000,
  DORMANT: 0x20000,
} as const;
