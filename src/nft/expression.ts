import {
  type AnyCodec,
  type GetOf,
  type SetOf,
  attrs,
  be32,
  be64,
  choice,
  cstr,
  dependent,
  list,
  raw,
} from "../wire/index.ts";

/** Verdicts of linux/netfilter.h and `enum nft_verdicts` of linux/netfilter/nf_tables.h. */
const verdictCode = choice(be32, {
  drop: 0,
  accept: 1,
  continue: 0xffff_ffff,
  break: 0xffff_fffe,
  jump: 0xffff_fffd,
  goto: 0xffff_fffc,
  return: 0xffff_fffb,
});

/** `NFTA_VERDICT_*`. */
const verdict = attrs(() => ({
  code: [1, verdictCode], // NFTA_VERDICT_CODE
  chain: [2, cstr], // NFTA_VERDICT_CHAIN
}));

/** `NFTA_DATA_*`: what is in a register, or a verdict. */
export const data = attrs(() => ({
  value: [1, raw], // NFTA_DATA_VALUE
  verdict: [2, verdict], // NFTA_DATA_VERDICT
}));
export type Data = SetOf<typeof data>;

const payload = attrs(() => ({
  dreg: [1, be32], // NFTA_PAYLOAD_DREG
  base: [2, choice(be32, { link: 0, network: 1, transport: 2 })], // NFTA_PAYLOAD_BASE
  /** Bytes, as is `len`. */
  offset: [3, be32], // NFTA_PAYLOAD_OFFSET
  len: [4, be32], // NFTA_PAYLOAD_LEN
}));

const cmp = attrs(() => ({
  sreg: [1, be32], // NFTA_CMP_SREG
  op: [2, choice(be32, { "==": 0, "!=": 1, "<": 2, "<=": 3, ">": 4, ">=": 5 })], // NFTA_CMP_OP
  data: [3, data], // NFTA_CMP_DATA
}));

const meta = attrs(() => ({
  dreg: [1, be32], // NFTA_META_DREG
  key: [
    2,
    choice(be32, { protocol: 1, mark: 3, iifname: 6, oifname: 7, iiftype: 8, nfproto: 15, l4proto: 16, pkttype: 19 }),
  ], // NFTA_META_KEY
  sreg: [3, be32], // NFTA_META_SREG
}));

const ct = attrs(() => ({
  dreg: [1, be32], // NFTA_CT_DREG
  key: [2, choice(be32, { state: 0, direction: 1, status: 2, mark: 3 })], // NFTA_CT_KEY
  direction: [3, raw], // NFTA_CT_DIRECTION
  sreg: [4, be32], // NFTA_CT_SREG
}));

const bitwise = attrs(() => ({
  sreg: [1, be32], // NFTA_BITWISE_SREG
  dreg: [2, be32], // NFTA_BITWISE_DREG
  len: [3, be32], // NFTA_BITWISE_LEN
  mask: [4, data], // NFTA_BITWISE_MASK
  xor: [5, data], // NFTA_BITWISE_XOR
  op: [6, be32], // NFTA_BITWISE_OP
}));

const lookup = attrs(() => ({
  set: [1, cstr], // NFTA_LOOKUP_SET
  sreg: [2, be32], // NFTA_LOOKUP_SREG
  dreg: [3, be32], // NFTA_LOOKUP_DREG
  setId: [4, be32], // NFTA_LOOKUP_SET_ID
  /** NFT_LOOKUP_F_INV is 1. */
  flags: [5, be32], // NFTA_LOOKUP_FLAGS
}));

const immediate = attrs(() => ({
  dreg: [1, be32], // NFTA_IMMEDIATE_DREG
  data: [2, data], // NFTA_IMMEDIATE_DATA
}));

const fib = attrs(() => ({
  dreg: [1, be32], // NFTA_FIB_DREG
  result: [2, choice(be32, { oif: 1, oifname: 2, type: 3 })], // NFTA_FIB_RESULT
  /** NFTA_FIB_F_*. */
  flags: [3, choice(be32, { saddr: 1, daddr: 2 })], // NFTA_FIB_FLAGS
}));

const nat = attrs(() => ({
  type: [1, choice(be32, { snat: 0, dnat: 1 })], // NFTA_NAT_TYPE
  family: [2, choice(be32, { ip: 2, ip6: 10 })], // NFTA_NAT_FAMILY
  addrMin: [3, be32], // NFTA_NAT_REG_ADDR_MIN
  addrMax: [4, be32], // NFTA_NAT_REG_ADDR_MAX
  protoMin: [5, be32], // NFTA_NAT_REG_PROTO_MIN
  protoMax: [6, be32], // NFTA_NAT_REG_PROTO_MAX
  /** NF_NAT_RANGE_* of linux/netfilter/nf_nat.h. */
  flags: [7, be32], // NFTA_NAT_FLAGS
}));

/** NF_NAT_RANGE_MAP_IPS and _PROTO_SPECIFIED of linux/netfilter/nf_nat.h. */
export const NAT_MAP_IPS = 1;
export const NAT_PROTO_SPECIFIED = 2;

const masq = attrs(() => ({
  flags: [1, be32], // NFTA_MASQ_FLAGS
  protoMin: [2, be32], // NFTA_MASQ_REG_PROTO_MIN
  protoMax: [3, be32], // NFTA_MASQ_REG_PROTO_MAX
}));

const redir = attrs(() => ({
  protoMin: [1, be32], // NFTA_REDIR_REG_PROTO_MIN
  protoMax: [2, be32], // NFTA_REDIR_REG_PROTO_MAX
  flags: [3, be32], // NFTA_REDIR_FLAGS
}));

const counter = attrs(() => ({
  bytes: [1, be64], // NFTA_COUNTER_BYTES
  packets: [2, be64], // NFTA_COUNTER_PACKETS
}));

const reject = attrs(() => ({
  type: [1, choice(be32, { icmp: 0, tcpReset: 1, icmpx: 2 })], // NFTA_REJECT_TYPE
  code: [2, raw], // NFTA_REJECT_ICMP_CODE
}));

/** The tables of `NFTA_EXPR_DATA` by the expression's name. */
const tables = { payload, cmp, meta, ct, bitwise, lookup, immediate, fib, nat, masq, redir, counter, reject } as const;
type Tables = typeof tables;

/** One instruction of the kernel's machine that runs rules. */
export type Expression = {
  readonly [K in keyof Tables]: { readonly name: K; readonly data: SetOf<Tables[K]> };
}[keyof Tables];

const tableOf = (name: unknown): AnyCodec => (Object.hasOwn(tables, String(name)) ? tables[name as keyof Tables] : raw);

type AnyData = GetOf<Tables[keyof Tables]> | Uint8Array;

/** A list of `NFTA_LIST_ELEM`, each with `NFTA_EXPR_*`. */
export const expressions = list(
  attrs(() => ({
    name: [1, cstr], // NFTA_EXPR_NAME
    data: [2, dependent<AnyData, unknown>("name", tableOf)], // NFTA_EXPR_DATA
  })),
  1,
);

/** An expression as the kernel answers it: `data` is bytes where the name is not known here. */
export type ExpressionFact = GetOf<typeof expressions>[number];
