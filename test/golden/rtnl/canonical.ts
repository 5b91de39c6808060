import { type AnyCodec, Bytes } from "../../../src/wire/index.ts";

const TYPE_MASK = 0x3fff;

/** A payload taken apart for comparison. */
export type Canonical = string | { readonly head: string; readonly parts: readonly (readonly [number, Canonical])[] };

/**
 * What two encodings of the same message have in common. Put aside are: the nested bit, which iproute2 6.1 sets in few
 * places and we in all; the order of attributes; the closing NUL of strings, which iproute2 leaves out.
 */
export function canonical(codec: AnyCodec, payload: Uint8Array): Canonical {
  if (codec.parts === undefined) return codec.name === "cstr" ? hex(payload).replace(/(00)+$/, "") : hex(payload);
  const parts: [number, Canonical][] = [];
  let head = payload.length;
  codec.parts(new Bytes(payload), 0, payload.length, ({ codec: inner, type, at, from, to }) => {
    head = Math.min(head, at);
    const bytes = payload.slice(from, to);
    parts.push([type & TYPE_MASK, inner === undefined ? hex(bytes) : canonical(inner, bytes)]);
  });
  return { head: hex(payload.slice(0, head)), parts: parts.toSorted(([a], [b]) => a - b) };
}

function hex(bytes: Uint8Array): string {
  return bytes.toHex();
}
