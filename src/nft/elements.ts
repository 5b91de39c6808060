import { NLM_F, type Query, type Request, query } from "../netlink/index.ts";
import { asked, noted } from "./_asked.ts";
import { concatenated, verdictData } from "./compile.ts";
import { type TypeName, valueBytes } from "./data-type.ts";
import type { Data } from "./expression.ts";
import { prefixEnd } from "./interval.ts";
import { type ElementFact, delsetelem, getsetelem, newsetelem } from "./message.ts";
import { printElement, printTable } from "./print.ts";
import type { Element, SetSpec, TableRef } from "./table.ts";

/** Adds elements; `exclusive`: EEXIST if one is there, otherwise EBUSY if it is there with other data. NFT_MSG_NEWSETELEM. */
export function addElements(
  table: TableRef,
  set: SetSpec,
  elements: readonly Element[],
  { exclusive = false }: { readonly exclusive?: boolean } = {},
): Request {
  const attrs = { table: table.name, set: set.name, elements: elements.flatMap((element) => entriesOf(set, element)) };
  const doing = () => `add element ${printTable(table)} ${set.name} { ${elements.map(printElement).join(", ")} }`;
  const flags = NLM_F.CREATE | (exclusive ? NLM_F.EXCL : 0);
  return asked(newsetelem, flags, table.family, attrs, doing);
}

/** Deletes elements by their keys; ENOENT if one is not there, and then nothing is done. NFT_MSG_DELSETELEM. */
export function delElements(table: TableRef, set: SetSpec, elements: readonly Pick<Element, "key">[]): Request {
  const keys = elements.flatMap(({ key }) => entriesOf(set, { key }));
  return delKeys(table, set, keys, () => elements.map((element) => printElement(element)).join(", "));
}

/** The same by keys as they are in the kernel. */
export function delElementsRaw(table: TableRef, set: Pick<SetSpec, "name">, keys: readonly Uint8Array[]): Request {
  const entries = keys.map((key) => ({ key: { value: key } }));
  return delKeys(table, set, entries, () => keys.map((key) => `0x${key.toHex()}`).join(", "));
}

function delKeys(
  table: TableRef,
  { name }: Pick<SetSpec, "name">,
  elements: readonly { readonly key: Data; readonly flags?: number }[],
  shown: () => string,
): Request {
  const attrs = { table: table.name, set: name, elements };
  const doing = () => `delete element ${printTable(table)} ${name} { ${shown()} }`;
  return asked(delsetelem, 0, table.family, attrs, doing);
}

/** One element by its key ({@link keyBytes}). NFT_MSG_GETSETELEM. */
export function getElement(table: TableRef, { name }: Pick<SetSpec, "name">, key: Uint8Array): Query<ElementFact> {
  const attrs = { table: table.name, set: name, elements: [{ key: { value: key } }] };
  const doing = () => `get element ${printTable(table)} ${name} { 0x${key.toHex()} }`;
  return query(asked(getsetelem, 0, table.family, attrs, doing), newsetelem, (_header, { elements }) => elements?.[0]);
}

/** All elements of a set, as many together as the kernel sends together. */
export function listElements(table: TableRef, { name }: Pick<SetSpec, "name">): Query<readonly ElementFact[]> {
  const doing = () => `list elements of ${printTable(table)} ${name}`;
  const attrs = { table: table.name, set: name };
  return query(asked(getsetelem, 0, table.family, attrs, doing), newsetelem, (_header, found) => found.elements ?? []);
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
