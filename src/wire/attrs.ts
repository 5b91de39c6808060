import { Bytes, type Writer } from "./bytes.ts";
import { type AnyCodec, type Codec, type GetOf, type SetOf, checkSize, inField } from "./codec.ts";
import { WireError } from "./error.ts";

/** NLA_F_NESTED and NLA_F_NET_BYTEORDER of linux/netlink.h: the two top bits of an attribute's type. */
export const NESTED = 0x8000;
export const NET_BYTEORDER = 0x4000;
export const TYPE_MASK = 0x3fff;
const HEADER = 4;

/** An attribute that the table does not know, kept whole: `type` with its flag bits, and the payload. */
export interface UnknownAttr {
  readonly type: number;
  readonly data: Uint8Array;
}

/** The codec depends on the value of a sibling attribute, e.g. IFLA_INFO_DATA on IFLA_INFO_KIND. */
export interface Dependent<G = unknown, S = never> {
  /** The sibling's key in the same table. */
  readonly by: string;
  /** The codec for the sibling's value, `undefined` if the sibling is absent. */
  readonly of: (value: unknown) => Codec<G, S>;
}

/** A row whose codec `of` chooses by the sibling `by`; `G` and `S` say what all its codecs have in common. */
export function dependent<G, S>(by: string, of: (value: unknown) => AnyCodec): Dependent<G, S> {
  return { by, of: of as (value: unknown) => Codec<G, S> };
}

/** `[number, codec]`, or `[number, { set, get }]` where the kernel answers in another form than it is asked. */
export type Row = readonly [number, AnyCodec | { readonly set: AnyCodec; readonly get: AnyCodec } | Dependent];
export type Table = Readonly<Record<string, Row>>;

type GetOfRow<C> = C extends { get: AnyCodec } ? GetOf<C["get"]> : C extends Dependent<infer G> ? G : GetOf<C>;
type SetOfRow<C> = C extends { set: AnyCodec } ? SetOf<C["set"]> : C extends Dependent<unknown, infer S> ? S : SetOf<C>;

export type GetAttrs<T> = {
  readonly [K in keyof T]?: T[K] extends readonly [number, infer C] ? GetOfRow<C> : never;
} & {
  readonly other?: readonly UnknownAttr[];
};
/** What is `undefined` is not written. */
export type SetAttrs<T> = {
  readonly [K in keyof T]?: (T[K] extends readonly [number, infer C] ? SetOfRow<C> : never) | undefined;
} & { readonly other?: readonly UnknownAttr[] };

interface Field {
  readonly key: string;
  readonly type: number;
  readonly get: AnyCodec;
  readonly set: AnyCodec;
  readonly dependent?: Dependent;
}

/** A codec made from a table. */
export interface AttrsCodec<T> extends Codec<GetAttrs<T>, SetAttrs<T>> {
  /** Its rows by attribute number. */
  readonly fields: () => ReadonlyMap<number, Field>;
  readonly parts: Parts;
}

type Parts = NonNullable<AnyCodec["parts"]>;

/** A table's rows, as they are looked up: by name for writing, by number for reading. */
interface Rows {
  readonly byKey: ReadonlyMap<string, Field>;
  readonly byType: ReadonlyMap<number, Field>;
}

/**
 * The codec of a set of netlink attributes (RFC 3549 §2.2, `struct nlattr`).
 *
 * Unknown attributes survive in `other`, unless they are to be skipped: a reader of large answers that names the few
 * it looks at is several times faster. Sizes must be exact; a payload over 65 531 bytes is an error.
 *
 * A table may be given as a function: it is then made when it is first needed. A program that speaks of one kind of
 * link need not start by making the tables of all.
 * @throws {WireError} `short`, `long`, `overflow`, `bad-value`, with the path of the attribute
 */
export function attrs<const T extends Table>(table: T | (() => T), unknown: "keep" | "skip" = "keep"): AttrsCodec<T> {
  let made: Rows | undefined;
  const rows = (): Rows => (made ??= rowsOf(typeof table === "function" ? table() : table));
  const parts: Parts = (bytes, start, end, visit) =>
    forEachAttr(bytes, start, end, (type, from, to) => {
      const { byKey, byType } = rows();
      const field = byType.get(type & TYPE_MASK);
      const place = { type, at: from - 4, from, to };
      if (field === undefined) return visit(place);
      visit({ ...place, name: field.key, codec: reader(field, bytes, start, end, byKey) });
    });
  return {
    name: "attrs",
    nested: true,
    fields: () => rows().byType,
    parts,
    get: (bytes, start, end) => readAttrs(bytes, start, end, rows(), unknown) as GetAttrs<T>,
    put: (writer, value) => writeAttrs(writer, value as Readonly<Record<string, unknown>>, rows().byKey),
  };
}

function rowsOf(table: Table): Rows {
  const byKey = new Map<string, Field>();
  const byType = new Map<number, Field>();
  for (const key in table) {
    const [type, row] = table[key] as Row;
    const field = fieldOf(key, type, row);
    byKey.set(key, field);
    byType.set(type, field);
  }
  return { byKey, byType };
}

function fieldOf(key: string, type: number, row: Row[1]): Field {
  if ("by" in row) return { key, type, get: row.of(undefined), set: row.of(undefined), dependent: row };
  return "set" in row ? { key, type, get: row.get, set: row.set } : { key, type, get: row, set: row };
}

/** The codec that reads `field` among its siblings in `[start, end)`. */
function reader(field: Field, bytes: Bytes, start: number, end: number, byKey: ReadonlyMap<string, Field>): AnyCodec {
  if (field.dependent === undefined) return field.get;
  const sibling = byKey.get(field.dependent.by);
  let value: unknown;
  forEachAttr(bytes, start, end, (type, from, to) => {
    if ((type & TYPE_MASK) !== sibling?.type) return;
    inField(sibling.key, () => checkSize(sibling.get, from, to));
    value = sibling.get.get(bytes, from, to);
  });
  return field.dependent.of(value);
}

function readAttrs(
  bytes: Bytes,
  start: number,
  end: number,
  { byKey, byType }: Rows,
  unknown: "keep" | "skip",
): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  // Not forEachAttr: the hottest loop of a dump has no closures.
  let at = start;
  while (end - at >= HEADER) {
    const length = lengthAt(bytes, at, end);
    const type = bytes.u16(at + 2);
    const field = byType.get(type & TYPE_MASK);
    const to = at + length;
    if (field !== undefined) value[field.key] = readField(field, bytes, at + HEADER, to, start, end, byKey);
    else if (unknown === "keep") {
      ((value["other"] ??= []) as UnknownAttr[]).push({ type, data: bytes.u8.slice(at + HEADER, to) });
    }
    at += (length + 3) & ~3;
  }
  return value;
}

function readField(
  field: Field,
  bytes: Bytes,
  from: number,
  to: number,
  start: number,
  end: number,
  byKey: ReadonlyMap<string, Field>,
): unknown {
  try {
    const codec = reader(field, bytes, start, end, byKey);
    checkSize(codec, from, to);
    return codec.get(bytes, from, to);
  } catch (error) {
    throw error instanceof WireError ? error.within(field.key) : error;
  }
}

/** The length that the attribute at `at` claims. */
function lengthAt(bytes: Bytes, at: number, end: number): number {
  const length = bytes.u16(at);
  if (length < HEADER || at + length > end) {
    throw new WireError("short", `an attribute claims ${length} bytes, ${end - at} are left`, [], at);
  }
  return length;
}

function writeAttrs(writer: Writer, value: Readonly<Record<string, unknown>>, byKey: ReadonlyMap<string, Field>): void {
  for (const key in value) {
    const item = value[key];
    if (item === undefined) continue;
    if (key === "other") {
      for (const { type, data } of item as readonly UnknownAttr[]) putAttr(writer, type, () => writer.raw(data));
      continue;
    }
    const field = byKey.get(key);
    if (field === undefined) throw new WireError("bad-value", "no such attribute in its table", [key]);
    const codec = field.dependent === undefined ? field.set : field.dependent.of(value[field.dependent.by]);
    if (codec.presence && item === false) continue;
    const start = writer.length;
    writer.u16(0);
    writer.u16(codec.nested ? field.type | NESTED : field.type);
    try {
      codec.put(writer, item as never);
      writer.patchLength16(start, writer.length - start);
    } catch (error) {
      throw error instanceof WireError ? error.within(key) : error;
    }
    writer.align4();
  }
}

/** Writes one attribute around what `body` writes. */
export function putAttr(writer: Writer, type: number, body: () => void): void {
  const at = writer.length;
  writer.u16(0);
  writer.u16(type);
  body();
  writer.patchLength16(at, writer.length - at);
  writer.align4();
}

/** Visits each attribute in `[start, end)`: its type with flag bits, and its payload's bounds. */
export function forEachAttr(
  bytes: Bytes,
  start: number,
  end: number,
  visit: (type: number, from: number, to: number) => void,
): void {
  let at = start;
  while (end - at >= HEADER) {
    const length = lengthAt(bytes, at, end);
    visit(bytes.u16(at + 2), at + HEADER, at + length);
    at += (length + 3) & ~3;
  }
}

/** Decodes a whole buffer by one codec. @throws {WireError} */
export function decode<G>(codec: Codec<G, never>, buffer: Uint8Array): G {
  checkSize(codec, 0, buffer.length);
  return codec.get(new Bytes(buffer), 0, buffer.length);
}
