import { NLM_F, type Request } from "../netlink/index.ts";
import { asked } from "./_asked.ts";
import { type TypeName, dataType, numberBytes } from "./data-type.ts";
import { newset } from "./message.ts";
import { printTable } from "./print.ts";
import type { SetSpec, TableRef } from "./table.ts";
import { comment } from "./udata.ts";

/** NFT_SET_* of linux/netfilter/nf_tables.h. */
const SET = { INTERVAL: 4, MAP: 8 } as const;
/** NFT_DATA_VERDICT: the type of a verdict in a map. */
const VERDICT = 0xffff_ff00;
/** NFTNL_UDATA_SET_*: byte order of keys and data, so that nft(8) can show them. */
const UDATA_SET = { KEY_ORDER: 0, DATA_ORDER: 1, COMMENT: 7 } as const;
const ORDER = { host: 1, network: 2 } as const;
/** TYPE_BITS of nftables' datatype.h: a concatenation's type is made of those of its parts. */
const TYPE_BITS = 6;

/** Makes a set or map; fine if there is the same. `id` is any number that no other new set of the transaction has. NFT_MSG_NEWSET. */
export function addSet(table: TableRef, set: SetSpec, id: number): Request {
  const { name, key, data, interval } = set;
  const types = data === undefined || data === "verdict" ? [] : data;
  const attrs = {
    table: table.name,
    name,
    flags: (interval ? SET.INTERVAL : 0) | (data === undefined ? 0 : SET.MAP),
    keyType: typeOf(key),
    keyLength: sizeOf(key),
    ...(data !== undefined && {
      dataType: data === "verdict" ? VERDICT : typeOf(types),
      dataLength: data === "verdict" ? 0 : sizeOf(types),
    }),
    id,
    userdata: [
      { type: UDATA_SET.KEY_ORDER, data: orderOf(key) },
      ...(data === undefined ? [] : [{ type: UDATA_SET.DATA_ORDER, data: orderOf(types) }]),
      ...(set.comment === undefined ? [] : [comment(set.comment, UDATA_SET.COMMENT)]),
    ],
  };
  return asked(newset, NLM_F.CREATE, table.family, attrs, () => `add set ${printTable(table)} ${name}`);
}

function typeOf(types: readonly TypeName[]): number {
  return types.reduce((id, type) => (id << TYPE_BITS) | dataType(type).id, 0);
}

/** Each part of a concatenation begins at a word. */
function sizeOf(types: readonly TypeName[]): number {
  const sizes = types.map((type) => dataType(type).size);
  return sizes.length === 1 ? (sizes[0] as number) : sizes.reduce((sum, size) => sum + ((size + 3) & ~3), 0);
}

function orderOf(types: readonly TypeName[]): Uint8Array {
  const [one, ...more] = types;
  return numberBytes(one === undefined || more.length > 0 ? 0 : ORDER[dataType(one).order], 4, "host");
}
