import { expect, test } from "bun:test";
import fc from "fast-check";
import { anyIp, anyPrefix } from "./_arbitrary.ts";
import { addressBits, familyOf, ipFromBigInt, ipToBigInt, parseIp } from "./ip.ts";
import {
  contains,
  hostPrefix,
  lastOf,
  makePrefix,
  networkOf,
  overlaps,
  parsePrefix,
  prefixIp,
  prefixLength,
  tryPrefix,
} from "./prefix.ts";
import type { Prefix } from "./prefix.ts";

test("host bits are kept, the address becomes canonical", () => {
  expect<string>(parsePrefix("10.0.0.7/24")).toBe("10.0.0.7/24");
  expect<string>(parsePrefix("FD00:0::7/64")).toBe("fd00::7/64");
});

test.each([
  ["10.0.0.1", "has no length"],
  ["10.0.0.1/", "from 0 to 32"],
  ["10.0.0.1/33", "from 0 to 32"],
  ["10.0.0.1/08", "without leading zeros"],
  ["10.0.0.1/-1", "from 0 to 32"],
  ["10.0.0.1/24/28", "from 0 to 32"],
  ["10.0.0.1/255.0.0.0", "netmask"],
  ["fd00::/129", "from 0 to 128"],
  ["fe80::1%eth0/64", "zone"],
  ["10.0.0/24", "four decimal octets"],
  ["/24", "empty"],
])("%p is refused: %s", (text, hint) => {
  expect(tryPrefix(text)).toBeUndefined();
  expect(() => parsePrefix(text)).toThrow(expect.objectContaining({ code: "bad-prefix", text }));
  expect(() => parsePrefix(text)).toThrow(hint);
});

test("makePrefix refuses lengths the family lacks", () => {
  expect(() => makePrefix(parseIp("10.0.0.1"), 33)).toThrow("from 0 to 32");
  expect(() => makePrefix(parseIp("::1"), 1.5)).toThrow("from 0 to 128");
});

test.each([
  ["172.16.5.7/16", "172.16.0.0/16", "172.16.255.255"],
  ["10.1.0.169/27", "10.1.0.160/27", "10.1.0.191"],
  ["10.0.0.1/32", "10.0.0.1/32", "10.0.0.1"],
  ["10.0.0.1/0", "0.0.0.0/0", "255.255.255.255"],
  ["fd00::1:2/33", "fd00::/33", "fd00:0:7fff:ffff:ffff:ffff:ffff:ffff"],
])("%s has network %s and last address %s", (text, network, last) => {
  const prefix = parsePrefix(text);
  expect<string>(networkOf(prefix)).toBe(network);
  expect<string>(lastOf(prefix)).toBe(last);
});

test.each([
  ["10.0.0.0/8", "10.255.0.1", true],
  ["10.0.0.0/8", "11.0.0.1", false],
  ["10.9.9.9/8", "10.1.0.0/16", true],
  ["10.1.0.0/16", "10.0.0.0/8", false],
  ["0.0.0.0/0", "::1", false],
  ["::/0", "10.0.0.1", false],
  ["::/0", "::ffff:10.0.0.1", true],
  ["fd00::/33", "fd00:0:8000::", false],
])("%s contains %s: %p", (outer, inner, expected) => {
  const value = inner.includes("/") ? parsePrefix(inner) : parseIp(inner);
  expect(contains(parsePrefix(outer), value)).toBe(expected);
});

test("parse and print are inverse", () => {
  fc.assert(
    fc.property(anyPrefix, (prefix) => {
      expect(parsePrefix(prefix)).toBe(prefix);
      expect(makePrefix(prefixIp(prefix), prefixLength(prefix))).toBe(prefix);
      expect(familyOf(prefix)).toBe(familyOf(prefixIp(prefix)));
    }),
  );
});

test("network and last address agree with arithmetic", () => {
  fc.assert(
    fc.property(anyPrefix, (prefix) => {
      const [first, last] = rangeOf(prefix);
      expect(prefixIp(networkOf(prefix))).toBe(ipFromBigInt(familyOf(prefix), first));
      expect(lastOf(prefix)).toBe(ipFromBigInt(familyOf(prefix), last));
    }),
  );
});

test("contains and overlaps agree with ranges of numbers", () => {
  fc.assert(
    fc.property(anyPrefix, relatedPrefix, (other, [a, b]) => {
      for (const [x, y] of [
        [a, b],
        [b, a],
        [a, other],
      ] as const) {
        const sameFamily = familyOf(x) === familyOf(y);
        const [xFirst, xLast] = rangeOf(x);
        const [yFirst, yLast] = rangeOf(y);
        expect(contains(x, y)).toBe(sameFamily && xFirst <= yFirst && yLast <= xLast);
        expect(overlaps(x, y)).toBe(sameFamily && xFirst <= yLast && yFirst <= xLast);
        expect(overlaps(x, y)).toBe(contains(x, y) || contains(y, x));
      }
      expect(contains(a, prefixIp(a)) && contains(a, lastOf(a)) && contains(a, a)).toBe(true);
    }),
  );
});

test("a host prefix holds its address alone", () => {
  fc.assert(
    fc.property(anyIp, (ip) => {
      expect(lastOf(hostPrefix(ip))).toBe(ip);
      expect(networkOf(hostPrefix(ip))).toBe(hostPrefix(ip));
    }),
  );
});

/** Two prefixes that share a number of leading bits, so that containment is common. */
const relatedPrefix = fc.tuple(anyPrefix, fc.nat(128), fc.nat(128)).map(([a, flip, length]) => {
  const bits = addressBits(familyOf(a));
  const near = ipFromBigInt(familyOf(a), ipToBigInt(prefixIp(a)) ^ (1n << BigInt(flip % bits)));
  return [a, makePrefix(near, length % (bits + 1))] as const;
});

function rangeOf(prefix: Prefix): readonly [first: bigint, last: bigint] {
  const size = 1n << BigInt(addressBits(familyOf(prefix)) - prefixLength(prefix));
  const ip = ipToBigInt(prefixIp(prefix));
  return [ip - (ip % size), ip - (ip % size) + size - 1n];
}
