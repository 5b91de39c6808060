import { NESTED, NET_BYTEORDER, TYPE_MASK, attrs } from "./attrs.ts";
import { Bytes } from "./bytes.ts";
import { type AnyCodec, checkSize } from "./codec.ts";
import { WireError } from "./error.ts";

/** One line of an annotated dump. */
export interface DumpLine {
  readonly offset: number;
  readonly length: number;
  /** Nesting, 0 outermost. */
  readonly depth: number;
  readonly name: string;
  readonly value: string;
}

/** Walks what no table knows: every attribute is nameless. */
const unknownParts = attrs({}).parts;

/** A value as a person reads it, in one line. */
export function show(value: unknown): string {
  if (value instanceof Uint8Array) return hex(value);
  if (typeof value === "bigint") return `${value}`;
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${key} ${show(item)}`)
      .join(", ")}}`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join(" ");
}

/**
 * The attributes in `[start, end)` line by line: offset, name from the table, decoded value. Never throws:
 * what does not decode is shown as hex with the reason.
 */
export function explainAttrs(codec: AnyCodec, bytes: Bytes, start: number, end: number, depth = 0): DumpLine[] {
  const lines: DumpLine[] = [];
  try {
    (codec.parts ?? unknownParts)(bytes, start, end, ({ name: key, codec: inner, type, at, from, to }) => {
      const marks = `${type & NESTED ? " nested" : ""}${type & NET_BYTEORDER ? " net-byteorder" : ""}`;
      const name = key ?? `attribute ${type & TYPE_MASK}`;
      const line = { offset: at, length: to - at, depth };
      if (inner?.parts !== undefined) {
        lines.push({ ...line, name, value: marks.trim() }, ...explainAttrs(inner, bytes, from, to, depth + 1));
      } else {
        lines.push({ ...line, name, value: (shown(inner, bytes, from, to) + marks).trim() });
      }
    });
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const offset = error.offset ?? start;
    lines.push({ offset, length: end - offset, depth, name: "malformed", value: error.message });
  }
  return lines;
}

function shown(codec: AnyCodec | undefined, bytes: Bytes, from: number, to: number): string {
  if (codec === undefined) return hex(bytes.u8.subarray(from, to));
  try {
    checkSize(codec, from, to);
    return show(codec.get(bytes, from, to));
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return `${hex(bytes.u8.subarray(from, to))} (${error.message})`;
  }
}

/** Lays dump lines out: offset, up to eight bytes of hex, indented name and value. */
export function formatDump(lines: readonly DumpLine[], buffer: Uint8Array): string {
  return lines
    .map(({ offset, length, depth, name, value }) => {
      const head = hex(buffer.subarray(offset, offset + Math.min(length, 8)));
      return `${String(offset).padStart(5)}  ${(length > 8 ? `${head} …` : head).padEnd(25)}  ${"  ".repeat(depth)}${name}${value === "" ? "" : ` ${value}`}`;
    })
    .join("\n");
}

/**
 * The path of the attribute that begins at or spans `offset`: extended acks point at it (NLMSGERR_ATTR_OFFS).
 * `start` is where the attributes begin; offsets count from the start of the buffer.
 */
export function pathAt(codec: AnyCodec, buffer: Uint8Array, start: number, offset: number): string[] {
  return find(codec, new Bytes(buffer), start, buffer.length, offset);
}

function find(codec: AnyCodec, bytes: Bytes, start: number, end: number, offset: number): string[] {
  let path: string[] = [];
  try {
    (codec.parts ?? unknownParts)(bytes, start, end, ({ name, codec: inner, type, at, from, to }) => {
      if (offset < at || offset >= to) return;
      const rest = inner?.parts !== undefined && offset >= from ? find(inner, bytes, from, to, offset) : [];
      path = [name ?? String(type & TYPE_MASK), ...rest];
    });
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
  return path;
}
