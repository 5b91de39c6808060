import { NESTED, forEachAttr, putAttr } from "./attrs.ts";
import { type AnyCodec, type Codec, checkSize } from "./codec.ts";

/** A nested list: each element is an attribute of the same `type` (0 and any type accepted when reading if `type` is absent). */
export function list<G, S>(inner: Codec<G, S>, type?: number): Codec<readonly G[], readonly S[]> {
  return {
    name: `${inner.name} list`,
    nested: true,
    get(bytes, start, end) {
      const values: G[] = [];
      forEachAttr(bytes, start, end, (_type, from, to) => {
        checkSize(inner as AnyCodec, from, to);
        values.push(inner.get(bytes, from, to));
      });
      return values;
    },
    parts(bytes, start, end, visit) {
      let index = 0;
      forEachAttr(bytes, start, end, (elementType, from, to) =>
        visit({
          name: `${index++}`,
          codec: inner as AnyCodec,
          type: elementType,
          at: from - 4,
          from,
          to,
        }),
      );
    },
    put(writer, values) {
      values.forEach((value, index) => {
        putAttr(writer, (type ?? index) | (inner.nested ? NESTED : 0), () => inner.put(writer, value));
      });
    },
  };
}
