import { expect, test } from "bun:test";
import { hash64 } from "./_hash.ts";

/** FNV-1a of "", "a" and "foobar" (the test vectors published with FNV), and `fmix64` of them. */
test.each([
  ["", 0xcbf29ce484222325n],
  ["a", 0xaf63dc4c8601ec8cn],
  ["foobar", 0x85944171f73967e8n],
])("%p is the finalized FNV-1a", (text, fnv) => {
  expect(unmix(hash64(text))).toBe(fnv);
});

/** The inverse of `fmix64`: its multipliers inverted modulo 2^64; a shift by 33 is its own inverse. */
function unmix(hash: bigint): bigint {
  let h = hash ^ (hash >> 33n);
  h = BigInt.asUintN(64, h * 0x9cb4b2f8129337dbn);
  h ^= h >> 33n;
  h = BigInt.asUintN(64, h * 0x4f74430c22a54005n);
  return h ^ (h >> 33n);
}
