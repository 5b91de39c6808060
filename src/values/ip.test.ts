import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isIPv4, isIPv6 } from "node:net";
import { anyIp, anyIpBytes } from "./_arbitrary.ts";
import { ValueError } from "./error.ts";
import { compareIp, familyOf, ipFromBigInt, ipFromBytes, ipToBigInt, ipToBytes, parseIp, tryIp } from "./ip.ts";

describe("canonical text", () => {
  test.each([
    ["10.0.0.1", "10.0.0.1"],
    ["255.255.255.255", "255.255.255.255"],
    // RFC 5952 sections 1, 2 and 4
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:DB8::1", "2001:db8::1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["::", "::"],
    ["0:0:0:0:0:0:0:1", "::1"],
    ["1::", "1::"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
    // RFC 5952 section 5
    ["::FFFF:192.0.2.1", "::ffff:192.0.2.1"],
    ["::ffff:c000:201", "::ffff:192.0.2.1"],
    ["64:ff9b::192.0.2.1", "64:ff9b::c000:201"],
    ["::192.0.2.1", "::c000:201"],
  ])("%s is %s", (text, canonical) => {
    expect<string>(parseIp(text)).toBe(canonical);
  });

  test("agrees with the WHATWG URL serializer, but for mapped addresses", () => {
    fc.assert(
      fc.property(anyIp, (ip) => {
        fc.pre(familyOf(ip) === 6 && !ip.startsWith("::ffff:"));
        expect(new URL(`http://[${ip}]`).hostname).toBe(`[${ip}]`);
      }),
    );
  });
});

describe("refusals", () => {
  test.each([
    ["", "empty"],
    [" 10.0.0.1", "white space"],
    ["10.0.0.1/24", "prefix length"],
    ["fe80::1%eth0", "zone"],
    ["[::1]", "brackets"],
    ["010.0.0.1", "leading zeros"],
    ["10.0.0.00", "leading zeros"],
    ["10.0.0.256", "at most 255"],
    ["10.0.0", "four decimal octets"],
    ["10.0.0.", "four decimal octets"],
    ["10.0.0.1.2", "four decimal octets"],
    ["10..0.1", "four decimal octets"],
    ["0x0a.0.0.1", "four decimal octets"],
    ["eth0", "four decimal octets"],
    [":", "eight groups"],
    [":::", "eight groups"],
    ["1:", "eight groups"],
    [":1::", "eight groups"],
    ["1::2::3", "eight groups"],
    ["12345::", "eight groups"],
    ["1:2:3:4:5:6:7", "eight groups"],
    ["1:2:3:4:5:6:7:8:9", "eight groups"],
    ["1:2:3:4:5:6:7:8::", "eight groups"],
    ["1:2:3:4::5:6:7:8", "eight groups"],
    ["1000::1:0.0.0", "eight groups"],
    ["::1.2.3.4:5", "eight groups"],
    ["1:2:3:4:5:6:7:1.2.3.4", "eight groups"],
    ["::g", "eight groups"],
  ])("%p: %s", (text, hint) => {
    expect(tryIp(text)).toBeUndefined();
    const error = catchError(() => parseIp(text));
    expect(error).toMatchObject({ name: "ValueError", code: "bad-ip", text });
    expect(error.message).toContain(hint);
  });

  test("accepts exactly what node:net accepts, zones aside", () => {
    const piece = fc.constantFrom("0", "1", "ab", "ffff", "10", "255", "256", "01", ":", "::", ".", "g");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
        const text = pieces.join("");
        expect(tryIp(text) !== undefined).toBe(isIPv4(text) || isIPv6(text));
      }),
      { numRuns: 5000 },
    );
  });
});

test("print and parse are inverse", () => {
  fc.assert(fc.property(anyIp, (ip) => expect(parseIp(ip)).toBe(ip)));
  fc.assert(fc.property(anyIpBytes, (bytes) => expect(ipToBytes(ipFromBytes(bytes))).toEqual(bytes)));
  fc.assert(fc.property(anyIp, (ip) => expect(ipFromBigInt(familyOf(ip), ipToBigInt(ip))).toBe(ip)));
});

test("bytes and numbers are in network order", () => {
  expect(ipToBytes(parseIp("172.16.2.3"))).toEqual(Uint8Array.of(172, 16, 2, 3));
  expect(ipToBigInt(parseIp("172.16.2.3"))).toBe(0xac100203n);
  expect(ipToBigInt(parseIp("255.255.255.255"))).toBe(0xffffffffn);
  expect(ipToBigInt(parseIp("1::2"))).toBe((1n << 112n) | 2n);
  expect<string>(ipFromBigInt(6, 0xac100203n)).toBe("::ac10:203");
});

test("bytes and numbers out of range are refused", () => {
  expect(() => ipFromBytes(new Uint8Array(6))).toThrow("6 bytes are not an IP address");
  expect(() => ipFromBigInt(4, 1n << 32n)).toThrow("from 0 to 2^32-1");
  expect(() => ipFromBigInt(6, 1n << 128n)).toThrow("from 0 to 2^128-1");
  expect(() => ipFromBigInt(4, -1n)).toThrow(ValueError);
});

test("order is family, then number", () => {
  const sorted = ["9.0.0.0", "10.0.0.0", "200.0.0.1", "::", "::ffff:1.2.3.4", "2::", "10::"].map(parseIp);
  expect(sorted.toReversed().sort(compareIp)).toEqual(sorted);
  fc.assert(
    fc.property(anyIp, anyIp, (a, b) => {
      expect(Math.sign(compareIp(a, b))).toBe(-Math.sign(compareIp(b, a)) + 0);
      expect(compareIp(a, b) === 0).toBe(a === b);
      fc.pre(familyOf(a) === familyOf(b));
      expect(compareIp(a, b) < 0).toBe(ipToBigInt(a) < ipToBigInt(b));
    }),
  );
});

function catchError(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("expected a ValueError, nothing was thrown");
}
