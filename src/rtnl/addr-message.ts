import type { MessageKind } from "../netlink/index.ts";
import { type GetAttrs, type GetOf, type SetAttrs, attrs, choice, ip, s32, struct, u32, u8 } from "../wire/index.ts";
import { ifname } from "./_name.ts";
import { scope } from "./scope.ts";

/** `struct ifaddrmsg` of linux/if_addr.h. */
const ifaddrmsg = struct({ family: u8, prefixLength: u8, flags: u8, scope, index: u32 });

/** `struct ifa_cacheinfo`; the stamps are in 1/100 s. */
const cacheInfo = struct({ preferred: u32, valid: u32, created: u32, updated: u32 });

/** `IFA_*` of linux/if_addr.h. */
const table = {
  /** The address; on point-to-point links the other end's. */
  address: [1, ip], // IFA_ADDRESS
  local: [2, ip], // IFA_LOCAL
  label: [3, ifname], // IFA_LABEL
  broadcast: [4, ip], // IFA_BROADCAST
  anycast: [5, ip], // IFA_ANYCAST
  cacheInfo: [6, cacheInfo], // IFA_CACHEINFO
  multicast: [7, ip], // IFA_MULTICAST
  /** Takes the place of the header's eight bits. */
  flags: [8, u32], // IFA_FLAGS
  routePriority: [9, u32], // IFA_RT_PRIORITY
  targetNetnsId: [10, s32], // IFA_TARGET_NETNSID
  protocol: [11, choice(u8, { unspec: 0, "kernel-lo": 1, "kernel-ra": 2, "kernel-ll": 3 })], // IFA_PROTO
} as const;

const codec = attrs(table);

export type AddrAttrs = GetAttrs<typeof table>;
export type AddrHeader = GetOf<typeof ifaddrmsg>;

function kind(name: string, type: number): MessageKind<AddrHeader, AddrAttrs, SetAttrs<typeof table>> {
  return { name, type, header: ifaddrmsg, attrs: codec };
}

/** RTM_NEWADDR. */
export const newaddr = kind("newaddr", 20);
/** RTM_DELADDR. */
export const deladdr = kind("deladdr", 21);
/** RTM_GETADDR. */
export const getaddr = kind("getaddr", 22);

/** Bits of an address's flags: `IFA_F_*` of linux/if_addr.h. */
export const IFA_F = {
  secondary: 0x1,
  noDad: 0x2,
  optimistic: 0x4,
  dadFailed: 0x8,
  homeAddress: 0x10,
  deprecated: 0x20,
  tentative: 0x40,
  permanent: 0x80,
  manageTempAddr: 0x100,
  noPrefixRoute: 0x200,
  mcAutoJoin: 0x400,
  stablePrivacy: 0x800,
} as const;

/** What is true of an address. `secondary` means `temporary` in IPv6. */
export type AddrFlag = keyof typeof IFA_F;

/** INFINITY_LIFE_TIME of net/addrconf.h. */
export const FOREVER = 0xffff_ffff;
