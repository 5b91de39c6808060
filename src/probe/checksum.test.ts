import { expect, test } from "bun:test";
import fc from "fast-check";
import { internetChecksum, onesSum } from "./checksum.ts";

// RFC 1071 §3.
const example = Uint8Array.fromHex("0001f203f4f5f6f7");

test("the sum of RFC 1071's example", () => {
  expect(onesSum(example, 0, example.length)).toBe(0xddf2);
  expect(internetChecksum(example)).toBe(0x220d);
});

test("an odd last byte is the high half of a word", () => {
  expect(onesSum(Uint8Array.of(0x12), 0, 1)).toBe(0x1200);
});

test("a header that carries its checksum sums up to nothing", () => {
  // The IPv4 header of a packet of ping, captured by tcpdump.
  expect(internetChecksum(Uint8Array.fromHex("4500002cc74a00003f01a0810a0200020a010001"))).toBe(0);
});

test("parts may be summed apart", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), fc.nat(1500), (bytes, half) => {
      const at = Math.min(half * 2, bytes.length & ~1);
      const apart = onesSum(bytes, at, bytes.length, onesSum(bytes, 0, at));
      expect(apart).toBe(onesSum(bytes, 0, bytes.length));
    }),
  );
});
