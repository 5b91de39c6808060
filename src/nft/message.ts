import type { AnyMessageKind, MessageKind } from "../netlink/index.ts";
import {
  type GetAttrs,
  type SetAttrs,
  type Table,
  attrs,
  be16,
  be32,
  be64,
  choice,
  cstr,
  list,
  struct,
  u8,
} from "../wire/index.ts";
import { data, expressions } from "./expression.ts";
import { udata } from "./udata.ts";

/** NFPROTO_* of linux/netfilter.h. */
const family = choice(u8, { unspec: 0, inet: 1, ip: 2, netdev: 5, bridge: 7, ip6: 10 });

/** `struct nfgenmsg` of linux/netfilter/nfnetlink.h; `resource` is the low half of the generation in answers. */
const nfgenmsg = struct({ family, version: u8, resource: be16 });
export type NftHeader = Parameters<typeof nfgenmsg.put>[1];

/** NFNL_SUBSYS_NFTABLES in the high byte of a message's type. */
const SUBSYSTEM = 10;

function kind<const T extends Table>(
  name: string,
  type: number,
  table: () => T,
): MessageKind<NftHeader, GetAttrs<T>, SetAttrs<T>> {
  return { name, type, header: nfgenmsg, attrs: attrs(table) } as MessageKind<NftHeader, GetAttrs<T>, SetAttrs<T>>;
}

/** `NFTA_TABLE_*` of linux/netfilter/nf_tables.h, as all below. */
const table = () =>
  ({
    name: [1, cstr], // NFTA_TABLE_NAME
    flags: [2, be32], // NFTA_TABLE_FLAGS
    /** How many chains, sets and objects it has. */
    use: [3, be32], // NFTA_TABLE_USE
    handle: [4, be64], // NFTA_TABLE_HANDLE
    userdata: [6, udata], // NFTA_TABLE_USERDATA
  }) as const;

const hook = attrs(() => ({
  number: [1, be32], // NFTA_HOOK_HOOKNUM
  /** A signed number. */
  priority: [2, be32], // NFTA_HOOK_PRIORITY
  device: [3, cstr], // NFTA_HOOK_DEV
}));

const chain = () =>
  ({
    table: [1, cstr], // NFTA_CHAIN_TABLE
    handle: [2, be64], // NFTA_CHAIN_HANDLE
    name: [3, cstr], // NFTA_CHAIN_NAME
    hook: [4, hook], // NFTA_CHAIN_HOOK
    policy: [5, choice(be32, { drop: 0, accept: 1 })], // NFTA_CHAIN_POLICY
    /** Rules in it and verdicts that lead to it. */
    use: [6, be32], // NFTA_CHAIN_USE
    type: [7, cstr], // NFTA_CHAIN_TYPE
    flags: [10, be32], // NFTA_CHAIN_FLAGS
    userdata: [12, udata], // NFTA_CHAIN_USERDATA
  }) as const;

/** As an answer of which only the name counts. */
export const chainName = {
  name: "newchain",
  type: (SUBSYSTEM << 8) | 3,
  header: nfgenmsg,
  attrs: attrs(() => ({ table: [1, cstr], name: [3, cstr] }), "skip"),
} as const;

const rule = () =>
  ({
    table: [1, cstr], // NFTA_RULE_TABLE
    chain: [2, cstr], // NFTA_RULE_CHAIN
    handle: [3, be64], // NFTA_RULE_HANDLE
    expressions: [4, expressions], // NFTA_RULE_EXPRESSIONS
    position: [6, be64], // NFTA_RULE_POSITION
    userdata: [7, udata], // NFTA_RULE_USERDATA
  }) as const;

const set = () =>
  ({
    table: [1, cstr], // NFTA_SET_TABLE
    name: [2, cstr], // NFTA_SET_NAME
    flags: [3, be32], // NFTA_SET_FLAGS
    keyType: [4, be32], // NFTA_SET_KEY_TYPE
    keyLength: [5, be32], // NFTA_SET_KEY_LEN
    dataType: [6, be32], // NFTA_SET_DATA_TYPE
    dataLength: [7, be32], // NFTA_SET_DATA_LEN
    id: [10, be32], // NFTA_SET_ID
    userdata: [13, udata], // NFTA_SET_USERDATA
    handle: [16, be64], // NFTA_SET_HANDLE
  }) as const;

const element = attrs(() => ({
  key: [1, data], // NFTA_SET_ELEM_KEY
  data: [2, data], // NFTA_SET_ELEM_DATA
  flags: [3, be32], // NFTA_SET_ELEM_FLAGS
  userdata: [6, udata], // NFTA_SET_ELEM_USERDATA
}));
export type ElementFact = ReturnType<(typeof element)["get"]>;

const elementList = () =>
  ({
    table: [1, cstr], // NFTA_SET_ELEM_LIST_TABLE
    set: [2, cstr], // NFTA_SET_ELEM_LIST_SET
    elements: [3, list(element, 1)], // NFTA_SET_ELEM_LIST_ELEMENTS
    setId: [4, be32], // NFTA_SET_ELEM_LIST_SET_ID
  }) as const;

const generation = () =>
  ({
    id: [1, be32], // NFTA_GEN_ID
    processId: [2, be32], // NFTA_GEN_PROC_PID
    processName: [3, cstr], // NFTA_GEN_PROC_NAME
  }) as const;

const nft = (number: number): number => (SUBSYSTEM << 8) | number;

/** NFT_MSG_* of linux/netfilter/nf_tables.h. */
export const newtable = kind("newtable", nft(0), table);
export const gettable = kind("gettable", nft(1), table);
export const deltable = kind("deltable", nft(2), table);
export const newchain = kind("newchain", nft(3), chain);
export const getchain = kind("getchain", nft(4), chain);
export const delchain = kind("delchain", nft(5), chain);
export const newrule = kind("newrule", nft(6), rule);
export const getrule = kind("getrule", nft(7), rule);
export const delrule = kind("delrule", nft(8), rule);
export const newset = kind("newset", nft(9), set);
export const getset = kind("getset", nft(10), set);
export const delset = kind("delset", nft(11), set);
export const newsetelem = kind("newsetelem", nft(12), elementList);
export const getsetelem = kind("getsetelem", nft(13), elementList);
export const delsetelem = kind("delsetelem", nft(14), elementList);
export const newgen = kind("newgen", nft(15), generation);
export const getgen = kind("getgen", nft(16), generation);

const batch = () => ({ generation: [1, be32] }) as const; // NFNL_BATCH_GENID

/** NFNL_MSG_BATCH_BEGIN and _END of linux/netfilter/nfnetlink.h. */
export const batchBegin = kind("batch_begin", 0x10, batch);
export const batchEnd = kind("batch_end", 0x11, batch);

/** The header of a message for a family. */
export function headerOf(of: NftHeader["family"], resource = 0): NftHeader {
  return { family: of, version: 0, resource };
}

export const RESOURCE = SUBSYSTEM;

/** Every nf_tables message known here, by its number: for traces. */
export const messageKinds: ReadonlyMap<number, AnyMessageKind> = new Map(
  [
    [newtable, gettable, deltable, newchain, getchain, delchain, newrule, getrule, delrule],
    [newset, getset, delset, newsetelem, getsetelem, delsetelem, newgen, getgen, batchBegin, batchEnd],
  ]
    .flat()
    .map((one: AnyMessageKind) => [one.type, one]),
);
