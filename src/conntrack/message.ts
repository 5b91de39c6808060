import type { MessageKind } from "../netlink/index.ts";
import { type GetAttrs, type SetAttrs, attrs, be16, be32, ip4, ip6, raw, struct, u8 } from "../wire/index.ts";

/** `CTA_TUPLE_*` of linux/netfilter/nfnetlink_conntrack.h: one direction of a flow. */
const tuple = attrs(() => ({
  ip: [1, attrs({ src4: [1, ip4], dst4: [2, ip4], src6: [3, ip6], dst6: [4, ip6] })], // CTA_TUPLE_IP, CTA_IP_*
  proto: [2, attrs({ number: [1, u8], srcPort: [2, be16], dstPort: [3, be16] })], // CTA_TUPLE_PROTO, CTA_PROTO_*
  zone: [3, be16], // CTA_TUPLE_ZONE
}));

/** `CTA_FILTER_*`: which parts of the tuples must match, a bit each (CTA_*_NUM_* of net/netfilter/nf_conntrack_netlink.c). */
const filter = attrs(() => ({ orig: [1, raw], reply: [2, raw] })); // CTA_FILTER_ORIG_FLAGS, CTA_FILTER_REPLY_FLAGS

/** `CTA_*`. */
const table = {
  orig: [1, tuple], // CTA_TUPLE_ORIG
  reply: [2, tuple], // CTA_TUPLE_REPLY
  status: [3, be32], // CTA_STATUS
  timeout: [7, be32], // CTA_TIMEOUT
  mark: [8, be32], // CTA_MARK
  use: [11, be32], // CTA_USE
  id: [12, be32], // CTA_ID
  zone: [18, be16], // CTA_ZONE
  filter: [25, filter], // CTA_FILTER
} as const;

/** `struct nfgenmsg` of linux/netfilter/nfnetlink.h. */
const nfgenmsg = struct({ family: u8, version: u8, resource: be16 });

export type FlowHeader = { readonly family: number; readonly version: number; readonly resource: number };
export type FlowAttrs = GetAttrs<typeof table>;
export type FlowAttrsSet = SetAttrs<typeof table>;

const codec = attrs(() => table);
/** NFNL_SUBSYS_CTNETLINK, in the upper byte of a message's type. */
const SUBSYSTEM = 1 << 8;

function kind(name: string, type: number): MessageKind<FlowHeader, FlowAttrs, FlowAttrsSet> {
  return { name, type: SUBSYSTEM | type, header: nfgenmsg, attrs: codec };
}

/** IPCTNL_MSG_CT_NEW. */
export const newFlow = kind("newct", 0);
/** IPCTNL_MSG_CT_GET. */
export const getFlow = kind("getct", 1);
/** IPCTNL_MSG_CT_DELETE. */
export const deleteFlow = kind("delct", 2);
