import type { AnyCodec, Codec, GetOf, SetOf } from "../wire/index.ts";
import { WireError } from "../wire/index.ts";

/** A structure and, behind it, attributes. */
export interface Headed<Header, Attrs> {
  readonly header: Header;
  readonly attrs: Attrs;
}

/** The codec of a payload that begins with a structure and goes on with attributes. */
export function headed<
  H extends AnyCodec & { readonly size: number },
  A extends AnyCodec & Pick<Required<AnyCodec>, "parts">,
>(
  name: string,
  header: H,
  attrs: A,
): Codec<Headed<GetOf<H>, GetOf<A>>, Headed<SetOf<H>, SetOf<A>>> & Pick<Required<AnyCodec>, "parts"> {
  const size = (header.size + 3) & ~3;
  const begin = (start: number, end: number): number => {
    if (end - start >= size) return start + size;
    throw new WireError("short", `${name} begins with ${size} bytes, got ${end - start}`, [], start);
  };
  return {
    name,
    get: (bytes, start, end) => {
      const from = begin(start, end);
      return {
        header: header.get(bytes, start, start + header.size) as GetOf<H>,
        attrs: attrs.get(bytes, from, end) as GetOf<A>,
      };
    },
    put(writer, value) {
      header.put(writer, value.header as never);
      attrs.put(writer, value.attrs as never);
    },
    parts: (bytes, start, end, visit) => attrs.parts(bytes, begin(start, end), end, visit),
  };
}
