import { type AttrsCodec, NET_BYTEORDER, NESTED, TYPE_MASK, forEachAttr } from "./attrs.ts";
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

export function isAttrs(codec: AnyCodec): codec is AnyCodec & AttrsCodec<unknown> {
  return "fields" in codec;
}

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
    forEachAttr(bytes, start, end, (type, from, to) => {
      const field = isAttrs(codec) ? codec.fields.get(type & TYPE_MASK) : undefined;
      const marks = `${type & NESTED ? " nested" : ""}${type & NET_BYTEORDER ? " net-byteorder" : ""}`;
      const name = field?.key ?? `attribute ${type & TYPE_MASK}`;
      const line = { offset: from - 4, length: to - from + 4, depth };
      if (field !== undefined && isAttrs(field.get)) {
        lines.push({ ...line, name, value: marks.trim() }, ...explainAttrs(field.get, bytes, from, to, depth + 1));
      } else {
        lines.push({ ...line, name, value: shown(field?.get, bytes, from, to) + marks });
      }
    });
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    lines.push({ offset: start, length: end - start, depth, name: "malformed", value: error.message });
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
    forEachAttr(bytes, start, end, (type, from, to) => {
      if (offset < from - 4 || offset >= Math.max(to, from)) return;
      const field = isAttrs(codec) ? codec.fields.get(type & TYPE_MASK) : undefined;
      const inner = field !== undefined && isAttrs(field.get) && offset >= from ? find(field.get, bytes, from, to, offset) : [];
      path = [field?.key ?? String(type & TYPE_MASK), ...inner];
    });
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
  return path;
}
