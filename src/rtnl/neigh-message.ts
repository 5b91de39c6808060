import type { MessageKind } from "../netlink/index.ts";
import {
  type GetAttrs,
  type GetOf,
  type SetAttrs,
  attrs,
  be16,
  ip,
  pad,
  raw,
  s32,
  struct,
  u16,
  u32,
  u8,
} from "../wire/index.ts";
import { linkAddress } from "./_address.ts";
import { protocol } from "./route-message.ts";

/** Reachability of a neighbour, one bit each; forwarding entries combine them. `NUD_*` of linux/neighbour.h. */
export const NUD = {
  none: 0,
  incomplete: 0x1,
  reachable: 0x2,
  stale: 0x4,
  delay: 0x8,
  probe: 0x10,
  failed: 0x20,
  noarp: 0x40,
  permanent: 0x80,
} as const;

export type NeighState = keyof typeof NUD;

/** `NTF_*` of linux/neighbour.h. */
export const NTF = {
  USE: 0x1,
  SELF: 0x2,
  MASTER: 0x4,
  PROXY: 0x8,
  EXT_LEARNED: 0x10,
  OFFLOADED: 0x20,
  STICKY: 0x40,
  ROUTER: 0x80,
} as const;

/** `struct ndmsg` of linux/neighbour.h. */
const ndmsg = struct({ family: u8, pad: pad(3), index: s32, state: u16, flags: u8, type: u8 });

/** `struct nda_cacheinfo`; ages in 1/100 s. */
const cacheInfo = struct({ confirmed: u32, used: u32, updated: u32, refCount: u32 });

/** `NFEA_*` of linux/neighbour.h. */
const fdbExt = attrs(() => ({
  activityNotify: [1, u8], // NFEA_ACTIVITY_NOTIFY
  dontRefresh: [2, raw], // NFEA_DONT_REFRESH
}));

/** `NDA_*` of linux/neighbour.h. */
const table = {
  /** The neighbour; in forwarding entries the remote tunnel end. */
  dst: [1, ip], // NDA_DST
  lladdr: [2, linkAddress], // NDA_LLADDR
  cacheInfo: [3, cacheInfo], // NDA_CACHEINFO
  probes: [4, u32], // NDA_PROBES
  vlan: [5, u16], // NDA_VLAN
  /** UDP port of the remote end. */
  port: [6, be16], // NDA_PORT
  vni: [7, u32], // NDA_VNI
  /** Link to the remote end. */
  via: [8, u32], // NDA_IFINDEX
  /** Index of the bridge. */
  master: [9, u32], // NDA_MASTER
  linkNetnsId: [10, s32], // NDA_LINK_NETNSID
  srcVni: [11, u32], // NDA_SRC_VNI
  protocol: [12, protocol], // NDA_PROTOCOL
  nhId: [13, u32], // NDA_NH_ID
  fdbExt: [14, fdbExt], // NDA_FDB_EXT_ATTRS
  /** NTF_EXT_*. */
  flagsExt: [15, u32], // NDA_FLAGS_EXT
  stateMask: [16, u16], // NDA_NDM_STATE_MASK
  flagsMask: [17, u8], // NDA_NDM_FLAGS_MASK
} as const;

const codec = attrs(table);

export type NeighHeader = GetOf<typeof ndmsg>;
export type NeighAttrs = GetAttrs<typeof table>;

/** A header with zeros where nothing is said. */
export function ndmsgOf(part: Partial<NeighHeader>): NeighHeader {
  return { family: 0, pad: 0, index: 0, state: NUD.none, flags: 0, type: 0, ...part };
}

function kind(name: string, type: number): MessageKind<NeighHeader, NeighAttrs, SetAttrs<typeof table>> {
  return { name, type, header: ndmsg, attrs: codec };
}

/** RTM_NEWNEIGH. */
export const newneigh = kind("newneigh", 28);
/** RTM_DELNEIGH. */
export const delneigh = kind("delneigh", 29);
/** RTM_GETNEIGH. */
export const getneigh = kind("getneigh", 30);
