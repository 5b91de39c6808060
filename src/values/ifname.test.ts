import { expect, test } from "bun:test";
import fc from "fast-check";
import { parseIfName, shortIfName, tryIfName } from "./ifname.ts";

/** Witness: each was set on a veth by a raw RTM_SETLINK (Linux 6.18.44), and the kernel kept it. */
test.each(["a", "eth0.100", "vm-001-ns01", "fifteen-bytes-x", "日本語12345", "é", "-x", "...", "a\x01b", "\u0085"])(
  "%p is a name",
  (text) => {
    expect<string>(parseIfName(text)).toBe(text);
  },
);

/**
 * Witness as above: the kernel answered EINVAL or ERANGE, or made another name of it: `x%d` became `x0`, and `a\0b`
 * became `a`. It ignores an empty name. Half a surrogate pair cannot be sent.
 */
test.each([
  ["", "empty"],
  [".", "directories"],
  ["..", "directories"],
  ["sixteen-bytes-xx", "16 bytes"],
  ["日本語日本語", "18 bytes"],
  ["a/b", '"/"'],
  ["eth0:1", '":"'],
  ["x%d", "pattern"],
  ["a\0b", "u0000"],
  ["a b", "0x20"],
  ["a\tb", "0x09"],
  ["à", "0xa0"],
  ["\ud800", "surrogate"],
])("%p is refused: %s", (text, hint) => {
  expect(tryIfName(text)).toBeUndefined();
  expect(() => parseIfName(text)).toThrow(expect.objectContaining({ code: "bad-ifname", text }));
  expect(() => parseIfName(text)).toThrow(hint);
});

test.each([
  ["vm-001-ns01", "vm-001-ns01"],
  ["cluster-node-eth0", "cluster-5zlmp4"],
  ["a b", "a_b-gzuimm"],
  ["/", "if-pbrcir"],
  ["", "if-gjksj5"],
  ["--option-like-name", "option-l-fqfxbf"],
  ["überlanger Name", "berlange-q5dbxg"],
])("%p shortens to %p", (long, short) => {
  expect<string>(shortIfName(long)).toBe(short);
});

test("a short name is valid, stable, and its own short name", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (long) => {
      const name = shortIfName(long);
      expect(parseIfName(name)).toBe(name);
      expect(shortIfName(long)).toBe(name);
      expect(shortIfName(name)).toBe(name);
    }),
    { numRuns: 1000 },
  );
});

test("long names that share their head stay apart", () => {
  const names = Array.from({ length: 3000 }, (_, n) => shortIfName(`datacenter-west-node-${n}`));
  expect(new Set(names).size).toBe(names.length);
});
