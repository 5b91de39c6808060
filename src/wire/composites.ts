import type { AnyCodec, Codec, GetOf, SetOf } from "./codec.ts";
import { WireError } from "./error.ts";

/** Named fields of fixed size, one after the other, as a C struct without holes (write holes as `pad`). */
export function struct<const F extends Readonly<Record<string, AnyCodec>>>(
  fields: F,
): Codec<{ readonly [K in keyof F]: GetOf<F[K]> }, { readonly [K in keyof F]: SetOf<F[K]> }> & {
  readonly size: number;
} {
  const rows = Object.entries(fields);
  let size = 0;
  for (const [name, codec] of rows) {
    if (codec.size === undefined) throw new WireError("bad-value", `struct field ${name} has no fixed size`);
    size += codec.size;
  }
  return {
    name: "struct",
    size,
    get(bytes, start) {
      const value: Record<string, unknown> = {};
      let at = start;
      for (const [name, codec] of rows) {
        const end = at + (codec.size ?? 0);
        value[name] = codec.get(bytes, at, end);
        at = end;
      }
      return value as { readonly [K in keyof F]: GetOf<F[K]> };
    },
    put(writer, value) {
      for (const [name, codec] of rows) {
        try {
          codec.put(writer, (value as Record<string, never>)[name] as never);
        } catch (error) {
          throw error instanceof WireError ? error.within(name) : error;
        }
      }
    },
  };
}

/** `count` zero bytes that carry nothing. Its value is `0`. */
export function pad(count: number): Codec<0> {
  return { name: "pad", size: count, get: () => 0, put: (writer) => writer.zeros(count) };
}

/** Two values of one codec, e.g. a port range. */
export function pair<G, S>(inner: Codec<G, S>): Codec<readonly [G, G], readonly [S, S]> {
  const size = inner.size;
  if (size === undefined) throw new WireError("bad-value", "a pair needs a codec of fixed size");
  return {
    name: `${inner.name} pair`,
    size: size * 2,
    get: (bytes, start) => [inner.get(bytes, start, start + size), inner.get(bytes, start + size, start + size * 2)],
    put(writer, [first, second]) {
      inner.put(writer, first);
      inner.put(writer, second);
    },
  };
}

/** As many values of a fixed-size codec as fit, packed without headers (e.g. multicast statistics). */
export function packed<G, S>(inner: Codec<G, S>): Codec<readonly G[], readonly S[]> {
  const size = inner.size;
  if (size === undefined || size === 0) throw new WireError("bad-value", "a packed list needs a codec of fixed size");
  return {
    name: `${inner.name} list`,
    get(bytes, start, end) {
      if ((end - start) % size !== 0) {
        throw new WireError("short", `a list of ${size}-byte values cannot have ${end - start} bytes`, [], start);
      }
      const values: G[] = [];
      for (let at = start; at < end; at += size) values.push(inner.get(bytes, at, at + size));
      return values;
    },
    put(writer, values) {
      for (const value of values) inner.put(writer, value);
    },
  };
}
