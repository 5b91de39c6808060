import type { MessageKind } from "../netlink/index.ts";
import {
  type AnyCodec,
  type GetAttrs,
  type GetOf,
  type SetAttrs,
  type SetOf,
  attrs,
  cstr,
  dependent,
  raw,
} from "../wire/index.ts";
import { type IfInfo, ifinfomsg } from "./ifinfo.ts";
import { type LinkDataGet, type LinkDataSet, type LinkKind, isLinkKind, kinds } from "./kinds/index.ts";
import { afSpecFact, linkTable } from "./link-table.ts";

/** A kind without a table keeps its bytes. */
function dataOf(kind: unknown): AnyCodec {
  return typeof kind === "string" && isLinkKind(kind) ? kinds[kind].data : raw;
}

function portOf(kind: unknown): AnyCodec {
  if (typeof kind !== "string" || !isLinkKind(kind)) return raw;
  const known = kinds[kind];
  return "port" in known ? known.port : raw;
}

type Ports = Extract<(typeof kinds)[LinkKind], { readonly port: AnyCodec }>["port"];

/** `IFLA_INFO_*` of linux/if_link.h: which table `data` and `slaveData` have depends on the kind. */
const linkInfo = attrs(() => ({
  kind: [1, cstr], // IFLA_INFO_KIND
  data: [2, dependent<LinkDataGet<LinkKind> | Uint8Array, LinkDataSet<LinkKind> | Uint8Array>("kind", dataOf)], // IFLA_INFO_DATA
  xstats: [3, raw], // IFLA_INFO_XSTATS
  slaveKind: [4, cstr], // IFLA_INFO_SLAVE_KIND
  slaveData: [5, dependent<GetOf<Ports> | Uint8Array, SetOf<Ports> | Uint8Array>("slaveKind", portOf)], // IFLA_INFO_SLAVE_DATA
}));

const table = { ...linkTable, linkInfo: [18, linkInfo] } as const; // IFLA_LINKINFO
const codec = attrs(table);

export type LinkAttrs = GetAttrs<typeof table>;
export type LinkAttrsSet = SetAttrs<typeof table>;

/** RTEXT_FILTER_SKIP_STATS of linux/rtnetlink.h: leaves out IPv6 statistics, though not the device's counters. */
export const extMask = 8;

function kind(name: string, type: number): MessageKind<IfInfo, LinkAttrs, LinkAttrsSet> {
  return { name, type, header: ifinfomsg, attrs: codec };
}

/** RTM_NEWLINK: make or change a link; also the kernel's answer and notification. */
export const newlink = kind("newlink", 16);
/** RTM_DELLINK. */
export const dellink = kind("dellink", 17);
/** RTM_GETLINK. */
export const getlink = kind("getlink", 18);
/** RTM_SETLINK. */
export const setlink = kind("setlink", 19);
/** RTM_NEWLINKPROP: add alternative names. */
export const newlinkprop = kind("newlinkprop", 108);
/** RTM_DELLINKPROP. */
export const dellinkprop = kind("dellinkprop", 109);

/** What {@link Link} tells, without the rest: a link's answer has 60 attributes, with counters over a kilobyte. */
const { name, mtu, address, operState, master, link, linkNetnsId, alias, altNames, promiscuity } = linkTable;
const { group, txQueueLen, numTxQueues, qdisc, stats64 } = linkTable;
const identity = { name, mtu, address, operState, master, link, linkNetnsId, alias, altNames, promiscuity };
const details = { group, txQueueLen, numTxQueues, qdisc, afSpec: [26, afSpecFact], linkInfo: table.linkInfo } as const;

/** RTM_NEWLINK as the answer to a request. */
export const linkAnswer: MessageKind<IfInfo, LinkAttrs, never> = {
  ...newlink,
  attrs: attrs(() => ({ ...identity, ...details }), "skip"),
};
/** The same with counters. */
export const linkAnswerWithStats: MessageKind<IfInfo, LinkAttrs, never> = {
  ...newlink,
  attrs: attrs(() => ({ ...identity, ...details, stats64 }), "skip"),
};
