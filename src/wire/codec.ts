import type { Bytes, Writer } from "./bytes.ts";
import { WireError } from "./error.ts";

/**
 * One way to carry a value in a run of bytes. Tables of codecs are the only description of a wire format:
 * types, encoder, decoder, printer and error paths come from them.
 */
export interface Codec<Get, Set = Get> {
  /** What `explain` calls it: `u32`, `ip4`, `attrs` … */
  readonly name: string;
  /** Exact payload size in bytes; absent when it varies. */
  readonly size?: number;
  /** Carries attributes, so NLA_F_NESTED is set on it. */
  readonly nested?: boolean;
  /** Is there or is not there: no payload, never written for `false`. */
  readonly presence?: boolean;
  /** Reads the payload in `[start, end)`, whose size was checked against `size`. */
  readonly get: (bytes: Bytes, start: number, end: number) => Get;
  readonly put: (writer: Writer, value: Set) => void;
  /** Visits what lies inside, for printers and path finders; absent for plain values. @throws {WireError} */
  readonly parts?: (bytes: Bytes, start: number, end: number, visit: (part: Part) => void) => void;
}

/** One piece of a composite payload: it spans `[at, to)`, and its own payload `[from, to)`. */
export interface Part {
  /** Absent when the table does not know it. */
  readonly name?: string;
  readonly codec?: AnyCodec;
  /** The attribute's type with its flag bits. */
  readonly type: number;
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export type AnyCodec = Codec<unknown, never>;
export type GetOf<C> = C extends {
  readonly get: (bytes: Bytes, start: number, end: number) => infer G;
}
  ? G
  : never;
export type SetOf<C> = C extends { readonly put: (writer: Writer, value: infer S) => void } ? S : never;

/** A codec over another: `read` after decoding, `write` before encoding. */
export function mapped<G, S, Get, Set>(
  name: string,
  inner: Codec<G, S>,
  read: (raw: G) => Get,
  write: (value: Set) => S,
): Codec<Get, Set> {
  return {
    ...inner,
    name,
    get: (bytes, start, end) => read(inner.get(bytes, start, end)),
    put: (writer, value) => inner.put(writer, write(value)),
  };
}

/** Runs `body`; a wire error that leaves it has `name` put before its path. */
export function inField<T>(name: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw error instanceof WireError ? error.within(name) : error;
  }
}

export function checkSize(codec: AnyCodec, start: number, end: number): void {
  const size = codec.size;
  if (size === undefined || end - start === size) return;
  const code = end - start < size ? "short" : "long";
  throw new WireError(code, `${codec.name} takes ${size} bytes, got ${end - start}`, [], start);
}
