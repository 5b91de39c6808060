import type { MessageKind } from "../netlink/index.ts";
import {
  type GetAttrs,
  type GetOf,
  type SetAttrs,
  attrs,
  be16,
  be32,
  bool8,
  choice,
  cstr,
  ip,
  raw,
  s32,
  struct,
  u32,
  u64,
  u8,
} from "../wire/index.ts";
import { encapData, encapType } from "./encap.ts";
import { multipath } from "./multipath.ts";
import { scope } from "./scope.ts";
import { via } from "./via.ts";

/** Who made a route: `RTPROT_*` of linux/rtnetlink.h. */
export const protocol = choice(u8, {
  unspec: 0,
  redirect: 1,
  kernel: 2,
  boot: 3,
  static: 4,
  gated: 8,
  ra: 9,
  mrt: 10,
  zebra: 11,
  bird: 12,
  dnrouted: 13,
  xorp: 14,
  ntk: 15,
  dhcp: 16,
  mrouted: 17,
  keepalived: 18,
  babel: 42,
  ovn: 84,
  openr: 99,
  bgp: 186,
  isis: 187,
  ospf: 188,
  rip: 189,
  eigrp: 192,
});

/** What becomes of the packets: `RTN_*` of linux/rtnetlink.h. */
const routeType = choice(u8, {
  unspec: 0,
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
  throw: 9,
  nat: 10,
  xresolve: 11,
});

/** `struct rtmsg` of linux/rtnetlink.h. */
const rtmsg = struct({
  family: u8,
  dstLength: u8,
  srcLength: u8,
  tos: u8,
  /** The low byte of the table's number; `table` among the attributes has all of it. */
  table: u8,
  protocol,
  scope,
  type: routeType,
  /** RTM_F_* and RTNH_F_*. */
  flags: u32,
});

/** `RTAX_*`; times in milliseconds as the kernel stores them (rtt in 1/8, rttvar in 1/4). */
const metrics = attrs(() => ({
  /** Bits of the metrics that path MTU discovery and TCP must not change. */
  lock: [1, u32], // RTAX_LOCK
  mtu: [2, u32], // RTAX_MTU
  window: [3, u32], // RTAX_WINDOW
  rtt: [4, u32], // RTAX_RTT
  rttvar: [5, u32], // RTAX_RTTVAR
  ssthresh: [6, u32], // RTAX_SSTHRESH
  cwnd: [7, u32], // RTAX_CWND
  advmss: [8, u32], // RTAX_ADVMSS
  reordering: [9, u32], // RTAX_REORDERING
  hopLimit: [10, u32], // RTAX_HOPLIMIT
  initCwnd: [11, u32], // RTAX_INITCWND
  features: [12, u32], // RTAX_FEATURES
  rtoMin: [13, u32], // RTAX_RTO_MIN
  initRwnd: [14, u32], // RTAX_INITRWND
  quickAck: [15, u32], // RTAX_QUICKACK
  ccAlgo: [16, cstr], // RTAX_CC_ALGO
  fastopenNoCookie: [17, u32], // RTAX_FASTOPEN_NO_COOKIE
}));

/** `struct rta_cacheinfo`; times in 1/100 s. */
const cacheInfo = struct({
  clients: u32,
  lastUse: u32,
  expires: s32,
  error: u32,
  used: u32,
  id: u32,
  ts: u32,
  tsAge: u32,
});

/** `RTA_*` of linux/rtnetlink.h. */
const table = {
  dst: [1, ip], // RTA_DST
  src: [2, ip], // RTA_SRC
  iif: [3, u32], // RTA_IIF
  oif: [4, u32], // RTA_OIF
  gateway: [5, ip], // RTA_GATEWAY
  /** The metric. */
  priority: [6, u32], // RTA_PRIORITY
  prefSrc: [7, ip], // RTA_PREFSRC
  metrics: [8, metrics], // RTA_METRICS
  multipath: [9, multipath], // RTA_MULTIPATH
  protoInfo: [10, raw], // RTA_PROTOINFO
  flow: [11, u32], // RTA_FLOW
  cacheInfo: [12, cacheInfo], // RTA_CACHEINFO
  session: [13, raw], // RTA_SESSION
  mpAlgo: [14, raw], // RTA_MP_ALGO
  table: [15, u32], // RTA_TABLE
  mark: [16, u32], // RTA_MARK
  mfcStats: [17, struct({ packets: u64, bytes: u64, wrongIf: u64 })], // RTA_MFC_STATS
  /** A gateway of the other family. */
  via: [18, via], // RTA_VIA
  newDst: [19, raw], // RTA_NEWDST
  pref: [20, choice(u8, { medium: 0, high: 1, low: 3 })], // RTA_PREF
  encapType: [21, encapType], // RTA_ENCAP_TYPE
  encap: [22, encapData], // RTA_ENCAP
  /** Seconds. */
  expires: [23, u32], // RTA_EXPIRES
  uid: [25, u32], // RTA_UID
  ttlPropagate: [26, bool8], // RTA_TTL_PROPAGATE
  ipProto: [27, u8], // RTA_IP_PROTO
  sport: [28, be16], // RTA_SPORT
  dport: [29, be16], // RTA_DPORT
  /** A nexthop object. */
  nhId: [30, u32], // RTA_NH_ID
  flowLabel: [31, be32], // RTA_FLOWLABEL
} as const;

const codec = attrs(table);

export type RouteMetrics = GetOf<typeof metrics>;
export type RouteHeader = GetOf<typeof rtmsg>;
export type RouteAttrs = GetAttrs<typeof table>;
export type RouteAttrsSet = SetAttrs<typeof table>;

function kind(name: string, type: number): MessageKind<RouteHeader, RouteAttrs, RouteAttrsSet> {
  return { name, type, header: rtmsg, attrs: codec };
}

/** RTM_NEWROUTE. */
export const newroute = kind("newroute", 24);
/** RTM_DELROUTE. */
export const delroute = kind("delroute", 25);
/** RTM_GETROUTE. */
export const getroute = kind("getroute", 26);

/** RTNH_F_ONLINK: the gateway is on the link whatever the addresses say. */
export const ONLINK = 4;
/** RTM_F_CLONED: a cached exception, no entry of the table. */
export const CLONED = 0x200;
/** RTM_F_LOOKUP_TABLE: answer with the table that matched. */
export const LOOKUP_TABLE = 0x1000;

/** RT_TABLE_MAIN. */
export const MAIN_TABLE = 254;
