import { expect, test } from "bun:test";
import fc from "fast-check";
import { ipFromBigInt, makePrefix, networkOf, overlaps } from "../values/index.ts";
import { overlapsOf, parseSpace } from "./overlap.ts";

const pairs = (...texts: readonly string[]) =>
  overlapsOf(texts.map(parseSpace)).map(({ spaces: [a, b], common }) => [a.text, b.text, common as string]);

test.each([
  [["172.16.0.0/16/24", "192.168.1.0/24"], []],
  [["172.16.0.0/16/24", "172.16.5.0/24"], [["172.16.0.0/16/24", "172.16.5.0/24", "172.16.5.0/24"]]],
  [["172.16.5.9/24", "172.16.5.1/24"], [["172.16.5.9/24", "172.16.5.1/24", "172.16.5.0/24"]]],
  [["fd00::/48/64", "10.0.0.0/8", "fd00::/8"], [["fd00::/48/64", "fd00::/8", "fd00::/48"]]],
  [["0.0.0.0/0", "::/0"], []],
  [["a=10.1.0.0/24", "b=10.1.0.128/25"], [["a=10.1.0.0/24", "b=10.1.0.128/25", "10.1.0.128/25"]]],
  [
    ["10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16", "10.1.2.0/24"],
    [
      ["10.0.0.0/8", "10.1.0.0/16", "10.1.0.0/16"],
      ["10.0.0.0/8", "10.2.0.0/16", "10.2.0.0/16"],
      ["10.0.0.0/8", "10.1.2.0/24", "10.1.2.0/24"],
      ["10.1.0.0/16", "10.1.2.0/24", "10.1.2.0/24"],
    ],
  ],
])("%p: %p", (texts, expected) => {
  expect(pairs(...texts)).toEqual(expected);
});

test("the nets of a template that are hit are named", () => {
  const [overlap] = overlapsOf(["172.16.0.0/12/24", "172.18.0.0/15"].map(parseSpace));
  expect(overlap?.nets).toEqual([{ first: 512n, last: 1023n }, undefined]);
});

test("the pairs are those that overlap one by one", () => {
  const anyPrefix = fc
    .tuple(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 24, max: 32 }))
    .map(([n, length]) => networkOf(makePrefix(ipFromBigInt(4, BigInt(n)), length)));
  fc.assert(
    fc.property(fc.array(anyPrefix, { maxLength: 12 }), (prefixes) => {
      const expected = prefixes.flatMap((a, at) =>
        prefixes.slice(at + 1).flatMap((b) => (overlaps(a, b) ? [[a as string, b as string]] : [])),
      );
      expect(pairs(...prefixes).map(([a, b]) => [a, b])).toEqual(expected);
    }),
  );
});

test.each(["10.0.0.0", "10.0.0.0/33", "10.0.0.0/16/8", "x"])("%s is no space", (text) => {
  expect(() => parseSpace(text)).toThrow();
});
