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
  pad,
  raw,
  s32,
  struct,
  u32,
  u64,
  u8,
} from "../wire/index.ts";
import { fqCodel } from "./qdiscs/fq-codel.ts";
import { htb } from "./qdiscs/htb.ts";
import { netem } from "./qdiscs/netem.ts";
import { tbf } from "./qdiscs/tbf.ts";

/** TCA_OPTIONS by TCA_KIND; other kinds keep their bytes. */
const options = { tbf, netem, fq_codel: fqCodel, htb } as const;
type Options = (typeof options)[keyof typeof options];

function optionsOf(kind: unknown): AnyCodec {
  return typeof kind === "string" && Object.hasOwn(options, kind) ? options[kind as keyof typeof options] : raw;
}

/** `TCA_STATS_*` of linux/gen_stats.h. */
const stats = attrs(() => ({
  basic: [1, struct({ bytes: u64, packets: u32, pad: pad(4) })], // TCA_STATS_BASIC
  rateEstimate: [2, struct({ bps: u32, pps: u32 })], // TCA_STATS_RATE_EST
  queue: [3, struct({ length: u32, backlog: u32, drops: u32, requeues: u32, overlimits: u32 })], // TCA_STATS_QUEUE
  app: [4, raw], // TCA_STATS_APP
  rateEstimate64: [5, struct({ bps: u64, pps: u64 })], // TCA_STATS_RATE_EST64
  basicHardware: [7, struct({ bytes: u64, packets: u32, pad: pad(4) })], // TCA_STATS_BASIC_HW
  packets64: [8, u64], // TCA_STATS_PKT64
}));

/** `struct tcmsg` of linux/rtnetlink.h. */
export const tcmsg = struct({ family: u8, pad: pad(3), index: s32, handle: u32, parent: u32, info: u32 });

/** `TCA_*` of linux/rtnetlink.h. */
const table = {
  kind: [1, cstr], // TCA_KIND
  options: [2, dependent<GetOf<Options> | Uint8Array, SetOf<Options> | Uint8Array>("kind", optionsOf)], // TCA_OPTIONS
  stats: [3, raw], // TCA_STATS
  xstats: [4, raw], // TCA_XSTATS
  rate: [5, raw], // TCA_RATE
  fcnt: [6, u32], // TCA_FCNT
  stats2: [7, stats], // TCA_STATS2
  stab: [8, raw], // TCA_STAB
  dumpInvisible: [10, raw], // TCA_DUMP_INVISIBLE
  chain: [11, u32], // TCA_CHAIN
  hardwareOffload: [12, u8], // TCA_HW_OFFLOAD
  ingressBlock: [13, u32], // TCA_INGRESS_BLOCK
  egressBlock: [14, u32], // TCA_EGRESS_BLOCK
  dumpFlags: [15, struct({ value: u32, selector: u32 })], // TCA_DUMP_FLAGS
  warning: [16, cstr], // TCA_EXT_WARN_MSG
} as const;

const codec = attrs(table);

export type QdiscHeader = GetOf<typeof tcmsg>;
export type QdiscAttrs = GetAttrs<typeof table>;
export type QdiscAttrsSet = SetAttrs<typeof table>;

function kind(name: string, type: number): MessageKind<QdiscHeader, QdiscAttrs, QdiscAttrsSet> {
  return { name, type, header: tcmsg, attrs: codec };
}

/** RTM_NEWQDISC. */
export const newqdisc = kind("newqdisc", 36);
/** RTM_DELQDISC. */
export const delqdisc = kind("delqdisc", 37);
/** RTM_GETQDISC. */
export const getqdisc = kind("getqdisc", 38);
/** RTM_NEWTCLASS. */
export const newtclass = kind("newtclass", 40);
/** RTM_DELTCLASS. */
export const deltclass = kind("deltclass", 41);
/** RTM_GETTCLASS. */
export const gettclass = kind("gettclass", 42);

/** A header with zeros where nothing is said. */
export function tcmsgOf(part: Partial<QdiscHeader>): QdiscHeader {
  return { family: 0, pad: 0, index: 0, handle: 0, parent: 0, info: 0, ...part };
}
