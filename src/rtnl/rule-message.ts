import type { MessageKind } from "../netlink/index.ts";
import {
  type GetAttrs,
  type GetOf,
  type SetAttrs,
  attrs,
  be32,
  be64,
  bool8,
  choice,
  ip,
  pad,
  pair,
  struct,
  u16,
  u32,
  u8,
} from "../wire/index.ts";
import { ifname } from "./_name.ts";
import { protocol } from "./route-message.ts";

/** `FR_ACT_*` of linux/fib_rules.h; `lookup` is FR_ACT_TO_TBL. */
const action = choice(u8, { unspec: 0, lookup: 1, goto: 2, nop: 3, blackhole: 6, unreachable: 7, prohibit: 8 });

/** `struct fib_rule_hdr` of linux/fib_rules.h. */
const fibRuleHeader = struct({
  family: u8,
  dstLength: u8,
  srcLength: u8,
  tos: u8,
  /** The low byte of the table's number. */
  table: u8,
  pad: pad(2),
  action,
  /** FIB_RULE_*. */
  flags: u32,
});

/** FIB_RULE_INVERT: the rule applies to what does not match. */
export const INVERT = 2;

/** `FRA_*` of linux/fib_rules.h. */
const table = {
  dst: [1, ip], // FRA_DST
  src: [2, ip], // FRA_SRC
  iif: [3, ifname], // FRA_IIFNAME
  /** Priority of the rule to go on with. */
  goto: [4, u32], // FRA_GOTO
  priority: [6, u32], // FRA_PRIORITY
  mark: [10, u32], // FRA_FWMARK
  flow: [11, u32], // FRA_FLOW
  tunnelId: [12, be64], // FRA_TUN_ID
  suppressGroup: [13, u32], // FRA_SUPPRESS_IFGROUP
  /** Routes this short or shorter are passed over. */
  suppressPrefixLength: [14, u32], // FRA_SUPPRESS_PREFIXLEN
  table: [15, u32], // FRA_TABLE
  mask: [16, u32], // FRA_FWMASK
  oif: [17, ifname], // FRA_OIFNAME
  l3mdev: [19, bool8], // FRA_L3MDEV
  uidRange: [20, pair(u32)], // FRA_UID_RANGE
  protocol: [21, protocol], // FRA_PROTOCOL
  ipProto: [22, u8], // FRA_IP_PROTO
  sportRange: [23, pair(u16)], // FRA_SPORT_RANGE
  dportRange: [24, pair(u16)], // FRA_DPORT_RANGE
  dscp: [25, u8], // FRA_DSCP
  flowLabel: [26, be32], // FRA_FLOWLABEL
  flowLabelMask: [27, be32], // FRA_FLOWLABEL_MASK
  sportMask: [28, u16], // FRA_SPORT_MASK
  dportMask: [29, u16], // FRA_DPORT_MASK
  dscpMask: [30, u8], // FRA_DSCP_MASK
} as const;

const codec = attrs(table);

export type RuleHeader = GetOf<typeof fibRuleHeader>;
export type RuleAttrs = GetAttrs<typeof table>;

function kind(name: string, type: number): MessageKind<RuleHeader, RuleAttrs, SetAttrs<typeof table>> {
  return { name, type, header: fibRuleHeader, attrs: codec };
}

/** RTM_NEWRULE. */
export const newrule = kind("newrule", 32);
/** RTM_DELRULE. */
export const delrule = kind("delrule", 33);
/** RTM_GETRULE. */
export const getrule = kind("getrule", 34);
