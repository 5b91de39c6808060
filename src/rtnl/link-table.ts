import {
  attrs,
  bool8,
  choice,
  ip6,
  list,
  packed,
  pad,
  raw,
  s32,
  struct,
  u16,
  u32,
  u64,
  u8,
  uint,
} from "../wire/index.ts";
import { linkAddress } from "./_address.ts";
import { altIfname, bare, ifname, text } from "./_name.ts";
import { stats64 } from "./link-stats.ts";

/** How a device makes its IPv6 link-local address: `IN6_ADDR_GEN_MODE_*` of linux/if_link.h. */
const addrGenMode = choice(u8, { eui64: 0, none: 1, "stable-privacy": 2, random: 3 });

/** `IFLA_INET6_*`. */
const inet6Spec = attrs(() => ({
  flags: [1, u32], // IFLA_INET6_FLAGS
  /** Sysctl values by DEVCONF_* number. */
  conf: [2, packed(s32)], // IFLA_INET6_CONF
  stats: [3, packed(u64)], // IFLA_INET6_STATS
  mcast: [4, raw], // IFLA_INET6_MCAST
  cacheInfo: [5, struct({ maxReasmLen: u32, tstamp: u32, reachableTime: u32, retransTime: u32 })], // IFLA_INET6_CACHEINFO
  icmp6Stats: [6, packed(u64)], // IFLA_INET6_ICMP6STATS
  token: [7, ip6], // IFLA_INET6_TOKEN
  addrGenMode: [8, addrGenMode], // IFLA_INET6_ADDR_GEN_MODE
  raMtu: [9, u32], // IFLA_INET6_RA_MTU
}));

/** Sysctl values by IPV4_DEVCONF_* - 1. */
const inetSpec = attrs(() => ({ conf: [1, packed(s32)] })); // IFLA_INET_CONF

/**
 * A bridge's messages about its ports (AF_BRIDGE) have IFLA_BRIDGE_* here instead of families, and IFLA_BRIDGE_VLAN_INFO
 * has AF_INET's number. It takes four bytes, and no attribute of AF_INET fits in so few.
 */
const inetOrVlan: typeof inetSpec = {
  ...inetSpec,
  get: (bytes, start, end) => (end - start === 4 ? {} : inetSpec.get(bytes, start, end)),
};

/** IFLA_AF_SPEC: attributes by address family. */
const afSpec = attrs(() => ({
  inet: [2, inetOrVlan], // AF_INET
  inet6: [10, inet6Spec], // AF_INET6
}));

/** Of IFLA_AF_SPEC what a fact tells. */
export const afSpecFact = attrs(() => ({ inet6: [10, attrs({ addrGenMode: [8, addrGenMode] }, "skip")] }), "skip");

/** `IFLA_XDP_*`. */
const xdp = attrs(() => ({
  fd: [1, s32], // IFLA_XDP_FD
  attached: [2, choice(u8, { none: 0, driver: 1, skb: 2, hardware: 3, multi: 4 })], // IFLA_XDP_ATTACHED
  flags: [3, u32], // IFLA_XDP_FLAGS
  progId: [4, u32], // IFLA_XDP_PROG_ID
  driverProgId: [5, u32], // IFLA_XDP_DRV_PROG_ID
  skbProgId: [6, u32], // IFLA_XDP_SKB_PROG_ID
  hardwareProgId: [7, u32], // IFLA_XDP_HW_PROG_ID
  expectedFd: [8, s32], // IFLA_XDP_EXPECTED_FD
}));

/** RFC 2863 operational state: IF_OPER_* of linux/if.h. */
const operState = choice(u8, {
  unknown: 0,
  notpresent: 1,
  down: 2,
  lowerlayerdown: 3,
  testing: 4,
  dormant: 5,
  up: 6,
});

/**
 * The attributes of a link, `IFLA_*` of linux/if_link.h, all but IFLA_LINKINFO: the other end of a veth has these
 * too. IFLA_PROTINFO and the lists of virtual functions are kept as bytes.
 */
export const linkTable = {
  address: [1, linkAddress], // IFLA_ADDRESS
  broadcast: [2, linkAddress], // IFLA_BROADCAST
  name: [3, ifname], // IFLA_IFNAME
  mtu: [4, u32], // IFLA_MTU
  /** Index of the device below, or of a veth's other end, in the namespace `linkNetnsId`. */
  link: [5, u32], // IFLA_LINK
  qdisc: [6, text(16)], // IFLA_QDISC
  stats: [7, packed(u32)], // IFLA_STATS
  cost: [8, raw], // IFLA_COST
  priority: [9, raw], // IFLA_PRIORITY
  /** Index of the bridge or VRF, 0 to leave it. */
  master: [10, u32], // IFLA_MASTER
  wireless: [11, raw], // IFLA_WIRELESS
  protInfo: [12, raw], // IFLA_PROTINFO
  txQueueLen: [13, u32], // IFLA_TXQLEN
  map: [14, struct({ memStart: u64, memEnd: u64, baseAddr: u64, irq: u16, dma: u8, port: u8, pad: pad(4) })], // IFLA_MAP
  weight: [15, u32], // IFLA_WEIGHT
  operState: [16, operState], // IFLA_OPERSTATE
  linkMode: [17, u8], // IFLA_LINKMODE
  netnsPid: [19, u32], // IFLA_NET_NS_PID
  alias: [20, bare(255)], // IFLA_IFALIAS
  numVf: [21, u32], // IFLA_NUM_VF
  vfInfoList: [22, raw], // IFLA_VFINFO_LIST
  stats64: [23, stats64], // IFLA_STATS64
  vfPorts: [24, raw], // IFLA_VF_PORTS
  portSelf: [25, raw], // IFLA_PORT_SELF
  afSpec: [26, afSpec], // IFLA_AF_SPEC
  group: [27, u32], // IFLA_GROUP
  netnsFd: [28, u32], // IFLA_NET_NS_FD
  /** RTEXT_FILTER_* of linux/rtnetlink.h. */
  extMask: [29, u32], // IFLA_EXT_MASK
  promiscuity: [30, u32], // IFLA_PROMISCUITY
  numTxQueues: [31, u32], // IFLA_NUM_TX_QUEUES
  numRxQueues: [32, u32], // IFLA_NUM_RX_QUEUES
  carrier: [33, bool8], // IFLA_CARRIER
  physPortId: [34, raw], // IFLA_PHYS_PORT_ID
  carrierChanges: [35, u32], // IFLA_CARRIER_CHANGES
  physSwitchId: [36, raw], // IFLA_PHYS_SWITCH_ID
  linkNetnsId: [37, s32], // IFLA_LINK_NETNSID
  physPortName: [38, text(256)], // IFLA_PHYS_PORT_NAME
  protoDown: [39, bool8], // IFLA_PROTO_DOWN
  gsoMaxSegs: [40, u32], // IFLA_GSO_MAX_SEGS
  gsoMaxSize: [41, u32], // IFLA_GSO_MAX_SIZE
  xdp: [43, xdp], // IFLA_XDP
  /** IFLA_EVENT_*: why the notification was sent. */
  event: [44, u32], // IFLA_EVENT
  newNetnsId: [45, s32], // IFLA_NEW_NETNSID
  targetNetnsId: [46, s32], // IFLA_TARGET_NETNSID
  carrierUpCount: [47, u32], // IFLA_CARRIER_UP_COUNT
  carrierDownCount: [48, u32], // IFLA_CARRIER_DOWN_COUNT
  newIndex: [49, s32], // IFLA_NEW_IFINDEX
  minMtu: [50, u32], // IFLA_MIN_MTU
  maxMtu: [51, u32], // IFLA_MAX_MTU
  altNames: [52, list(altIfname, 53)], // IFLA_PROP_LIST of IFLA_ALT_IFNAME
  altName: [53, altIfname], // IFLA_ALT_IFNAME
  permAddress: [54, linkAddress], // IFLA_PERM_ADDRESS
  protoDownReason: [55, attrs(() => ({ mask: [1, u32], value: [2, u32] }))], // IFLA_PROTO_DOWN_REASON
  parentDevName: [56, text(256)], // IFLA_PARENT_DEV_NAME
  parentDevBusName: [57, text(256)], // IFLA_PARENT_DEV_BUS_NAME
  groMaxSize: [58, u32], // IFLA_GRO_MAX_SIZE
  tsoMaxSize: [59, u32], // IFLA_TSO_MAX_SIZE
  tsoMaxSegs: [60, u32], // IFLA_TSO_MAX_SEGS
  allmulti: [61, u32], // IFLA_ALLMULTI
  devlinkPort: [62, raw], // IFLA_DEVLINK_PORT
  gsoIpv4MaxSize: [63, u32], // IFLA_GSO_IPV4_MAX_SIZE
  groIpv4MaxSize: [64, u32], // IFLA_GRO_IPV4_MAX_SIZE
  dpllPin: [65, raw], // IFLA_DPLL_PIN
  maxPacingOffloadHorizon: [66, uint], // IFLA_MAX_PACING_OFFLOAD_HORIZON
  netnsImmutable: [67, bool8], // IFLA_NETNS_IMMUTABLE
  headroom: [68, u16], // IFLA_HEADROOM
  tailroom: [69, u16], // IFLA_TAILROOM
} as const;
