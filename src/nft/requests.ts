import { NLM_F, type Query, type Request, query, request } from "../netlink/index.ts";
import { compile, concatenated, verdictData } from "./compile.ts";
import { type TypeName, dataType, numberBytes, valueBytes } from "./data-type.ts";
import type { Data, ExpressionFact } from "./expression.ts";
import {
  type ElementFact,
  chainName,
  delchain,
  delrule,
  delsetelem,
  deltable,
  getchain,
  getgen,
  getrule,
  getsetelem,
  gettable,
  headerOf,
  newchain,
  newgen,
  newrule,
  newset,
  newsetelem,
  newtable,
} from "./message.ts";
import { printElement, printRule, printTable } from "./print.ts";
import type { Rule } from "./rule.ts";
import type { Base, ChainSpec, Element, Hook, SetSpec, TableFamily, TableRef } from "./table.ts";
import { prefixEnd } from "./interval.ts";
import { type Entry, comment, commentOf } from "./udata.ts";

type ChainRef = Pick<ChainSpec, "name">;

/** Makes a table; fine if it is there. NFT_MSG_NEWTABLE. */
export function addTable(table: TableRef & { readonly comment?: string }): Request {
  const attrs = { name: table.name, flags: 0, ...noted(table.comment) };
  return request(newtable, NLM_F.CREATE, headerOf(table.family), attrs, `add table ${printTable(table)}`);
}

/** Deletes a table with all that is in it; ENOENT if there is none. NFT_MSG_DELTABLE. */
export function delTable(table: TableRef): Request {
  return request(deltable, 0, headerOf(table.family), { name: table.name }, `delete table ${printTable(table)}`);
}

/** A table as the kernel reports it. */
export interface TableFact extends TableRef {
  readonly comment?: string;
  /** How many chains, sets and other objects it has. */
  readonly use: number;
}

type FamilyHeader = Parameters<typeof newtable.header.put>[1];

/** One table. NFT_MSG_GETTABLE. */
export function getTable(table: TableRef): Query<TableFact> {
  const asked = request(gettable, 0, headerOf(table.family), { name: table.name }, `get table ${printTable(table)}`);
  return query(asked, newtable, readTable);
}

/** All tables, or those of a family. */
export function listTables(family: TableFamily | "unspec" = "unspec"): Query<TableFact> {
  return query(request(gettable, 0, headerOf(family), {}, "list tables"), newtable, readTable);
}

function readTable({ family }: FamilyHeader, { name, use = 0, userdata }: Parameters<typeof newtable.attrs.put>[1]) {
  const text = commentOf(userdata);
  return { family: family as TableFamily, name: name ?? "", use, ...(text !== undefined && { comment: text }) };
}

/** NF_INET_* of linux/netfilter.h; NF_NETDEV_INGRESS is 0, too. */
const hooks: Readonly<Record<Hook, number>> = {
  prerouting: 0,
  ingress: 0,
  input: 1,
  forward: 2,
  output: 3,
  postrouting: 4,
};

/** NF_IP_PRI_* of linux/netfilter_ipv4.h and NF_BR_PRI_* of linux/netfilter_bridge.h. */
const priorities = { raw: -300, mangle: -150, dstnat: -100, filter: 0, security: 50, srcnat: 100 } as const;
const bridgePriorities = { dstnat: -300, filter: -200, out: 100, srcnat: 300 } as const;

/** @throws {RangeError} for a name that the family does not know */
function priorityOf(family: TableFamily, { priority }: Base): number {
  if (typeof priority === "number") return priority;
  const names: Readonly<Record<string, number>> = family === "bridge" ? bridgePriorities : priorities;
  const number = names[priority];
  if (number === undefined) throw new RangeError(`family ${family} has no priority ${priority}`);
  return number;
}

/** `exclusive`: EEXIST if it is there; fine otherwise. */
interface Exclusive {
  readonly exclusive?: boolean;
  /** Kept with it for programs; nft(8) does not show it. */
  readonly note?: Entry;
}

/** Makes a chain, without its rules. NFT_MSG_NEWCHAIN. */
export function addChain(
  table: TableRef,
  chain: Omit<ChainSpec, "rules">,
  { exclusive = false, note }: Exclusive = {},
): Request {
  const { name, base } = chain;
  const attrs = {
    table: table.name,
    name,
    ...(base !== undefined && {
      type: base.type,
      policy: base.policy ?? "accept",
      hook: {
        number: hooks[base.hook],
        priority: priorityOf(table.family, base) >>> 0,
        ...(base.device !== undefined && { device: base.device }),
      },
    }),
    ...noted(chain.comment, note),
  } as const;
  const flags = NLM_F.CREATE | (exclusive ? NLM_F.EXCL : 0);
  return request(newchain, flags, headerOf(table.family), attrs, `add chain ${printTable(table)} ${name}`);
}

/** Deletes a chain with its rules; EBUSY while something leads to it. NFT_MSG_DELCHAIN. */
export function delChain(table: TableRef, { name }: ChainRef): Request {
  return request(
    delchain,
    0,
    headerOf(table.family),
    { table: table.name, name },
    `delete chain ${printTable(table)} ${name}`,
  );
}

/** Deletes the rules of a chain. NFT_MSG_DELRULE. */
export function flushChain(table: TableRef, { name }: ChainRef): Request {
  const attrs = { table: table.name, chain: name };
  return request(delrule, 0, headerOf(table.family), attrs, `flush chain ${printTable(table)} ${name}`);
}

/** A chain as the kernel reports it. */
export interface ChainFact {
  readonly table: string;
  readonly name: string;
  readonly base: boolean;
  readonly userdata: readonly Entry[];
}

/** One chain. NFT_MSG_GETCHAIN. */
export function getChain(table: TableRef, { name }: ChainRef): Query<ChainFact> {
  const doing = `get chain ${printTable(table)} ${name}`;
  return query(request(getchain, 0, headerOf(table.family), { table: table.name, name }, doing), newchain, readChain);
}

/** Names of the chains of a table. The kernel knows no narrower question than for those of all tables of the family. */
export function listChains(table: TableRef): Query<string> {
  const doing = `list chains of family ${table.family}`;
  return query(request(getchain, 0, headerOf(table.family), {}, doing), chainName, (_header, found) =>
    found.table === table.name ? found.name : undefined,
  );
}

function readChain(_header: FamilyHeader, attrs: Parameters<typeof newchain.attrs.put>[1]): ChainFact {
  return {
    table: attrs.table ?? "",
    name: attrs.name ?? "",
    base: attrs.hook !== undefined,
    userdata: attrs.userdata ?? [],
  };
}

/** Adds a rule at the end of a chain. NFT_MSG_NEWRULE. @throws {WireError} for a value that is none of its field's */
export function addRule(table: TableRef, { name }: ChainRef, rule: Rule): Request {
  const attrs = {
    table: table.name,
    chain: name,
    expressions: compile(table.family, rule.does),
    ...noted(rule.comment),
  };
  const doing = `add rule ${printTable(table)} ${name} ${printRule(rule)}`;
  return request(newrule, NLM_F.CREATE | NLM_F.APPEND, headerOf(table.family), attrs, doing);
}

/** Deletes one rule. NFT_MSG_DELRULE. */
export function delRule(table: TableRef, { name }: ChainRef, handle: bigint): Request {
  const attrs = { table: table.name, chain: name, handle };
  return request(
    delrule,
    0,
    headerOf(table.family),
    attrs,
    `delete rule ${printTable(table)} ${name} handle ${handle}`,
  );
}

/** A rule as the kernel reports it. */
export interface RuleFact {
  readonly chain: string;
  readonly handle: bigint;
  readonly comment?: string;
  readonly expressions: readonly ExpressionFact[];
}

/** The rules of a table, or of one chain of it, in order. NFT_MSG_GETRULE. */
export function listRules(table: TableRef, chain?: ChainRef): Query<RuleFact> {
  const attrs = { table: table.name, ...(chain !== undefined && { chain: chain.name }) };
  const doing = `list rules of ${printTable(table)}${chain === undefined ? "" : ` ${chain.name}`}`;
  return query(request(getrule, 0, headerOf(table.family), attrs, doing), newrule, (_header, found) => {
    const text = commentOf(found.userdata);
    return {
      chain: found.chain ?? "",
      handle: found.handle ?? 0n,
      expressions: found.expressions ?? [],
      ...(text !== undefined && { comment: text }),
    };
  });
}

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
  return request(newset, NLM_F.CREATE, headerOf(table.family), attrs, `add set ${printTable(table)} ${name}`);
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

/** Adds elements; `exclusive`: EEXIST if one is there, otherwise EBUSY if it is there with other data. NFT_MSG_NEWSETELEM. */
export function addElements(
  table: TableRef,
  set: SetSpec,
  elements: readonly Element[],
  { exclusive = false }: Pick<Exclusive, "exclusive"> = {},
): Request {
  const attrs = { table: table.name, set: set.name, elements: elements.flatMap((element) => entriesOf(set, element)) };
  const doing = `add element ${printTable(table)} ${set.name} { ${elements.map(printElement).join(", ")} }`;
  const flags = NLM_F.CREATE | (exclusive ? NLM_F.EXCL : 0);
  return request(newsetelem, flags, headerOf(table.family), attrs, doing);
}

/** Deletes elements by their keys; ENOENT if one is not there, and then nothing is done. NFT_MSG_DELSETELEM. */
export function delElements(table: TableRef, set: SetSpec, elements: readonly Pick<Element, "key">[]): Request {
  const keys = elements.flatMap(({ key }) => entriesOf(set, { key }));
  return delKeys(table, set, keys, elements.map((element) => printElement(element)).join(", "));
}

/** The same by keys as they are in the kernel. */
export function delElementsRaw(table: TableRef, set: Pick<SetSpec, "name">, keys: readonly Uint8Array[]): Request {
  const entries = keys.map((key) => ({ key: { value: key } }));
  return delKeys(table, set, entries, keys.map((key) => `0x${key.toHex()}`).join(", "));
}

function delKeys(
  table: TableRef,
  { name }: Pick<SetSpec, "name">,
  elements: readonly { readonly key: Data; readonly flags?: number }[],
  shown: string,
): Request {
  const attrs = { table: table.name, set: name, elements };
  const doing = `delete element ${printTable(table)} ${name} { ${shown} }`;
  return request(delsetelem, 0, headerOf(table.family), attrs, doing);
}

/** One element by its key ({@link keyBytes}). NFT_MSG_GETSETELEM. */
export function getElement(table: TableRef, { name }: Pick<SetSpec, "name">, key: Uint8Array): Query<ElementFact> {
  const attrs = { table: table.name, set: name, elements: [{ key: { value: key } }] };
  const doing = `get element ${printTable(table)} ${name} { 0x${key.toHex()} }`;
  return query(
    request(getsetelem, 0, headerOf(table.family), attrs, doing),
    newsetelem,
    (_header, { elements }) => elements?.[0],
  );
}

/** All elements of a set, as many together as the kernel sends together. */
export function listElements(table: TableRef, { name }: Pick<SetSpec, "name">): Query<readonly ElementFact[]> {
  const doing = `list elements of ${printTable(table)} ${name}`;
  const attrs = { table: table.name, set: name };
  return query(
    request(getsetelem, 0, headerOf(table.family), attrs, doing),
    newsetelem,
    (_header, found) => found.elements ?? [],
  );
}

/** NFT_SET_ELEM_INTERVAL_END. */
const INTERVAL_END = 1;

/** An element as it goes to the kernel: a prefix of an interval set is its first address and the one after its last. */
function entriesOf(set: SetSpec, { key, to, comment: text }: Element) {
  const types = set.data === "verdict" || set.data === undefined ? [] : set.data;
  const first = {
    key: { value: keyBytes(set.key, key) },
    ...(to !== undefined && { data: "verdict" in to ? verdictData(to) : { value: keyBytes(types, to) } }),
    ...noted(text),
  };
  if (!set.interval) return [first];
  const end = prefixEnd(String(key[0]));
  return end === undefined ? [first] : [first, { key: { value: end }, flags: INTERVAL_END }];
}

/** The key, or data, of an element as it is in the kernel. @throws {WireError} */
export function keyBytes(types: readonly TypeName[], values: Element["key"]): Uint8Array {
  return concatenated(types.map((type, i) => valueBytes(type, addressOf(values[i] ?? ""))));
}

/** A prefix begins with its address. */
function addressOf(value: string | number): string | number {
  const slash = typeof value === "string" ? value.indexOf("/") : -1;
  return slash < 0 ? value : (value as string).slice(0, slash);
}

/** The number of the ruleset's present generation: it grows with every change. NFT_MSG_GETGEN. */
export function getGeneration(): Query<number> {
  return query(
    request(getgen, 0, headerOf("unspec"), {}, "get the ruleset's generation"),
    newgen,
    (_header, { id }) => id,
  );
}

function noted(text: string | undefined, note?: Entry): { readonly userdata?: readonly Entry[] } {
  const entries = [...(text === undefined ? [] : [comment(text)]), ...(note === undefined ? [] : [note])];
  return entries.length === 0 ? {} : { userdata: entries };
}
