import fc from "fast-check";
import { addressBits, familyOf, ipFromBytes } from "./ip.ts";
import type { Ip } from "./ip.ts";
import { makePrefix } from "./prefix.ts";
import type { Prefix } from "./prefix.ts";

/** Bytes with many zeros, so that runs to compress, ties and IPv4-mapped addresses are common. */
const byte = fc.oneof(fc.constant(0), fc.nat(255));
const ipv4Bytes = fc.uint8Array({ minLength: 4, maxLength: 4 });
const ipv6Bytes = fc.array(byte, { minLength: 16, maxLength: 16 }).map((bytes) => Uint8Array.from(bytes));
const mappedBytes = ipv4Bytes.map((v4) => Uint8Array.from([...new Uint8Array(10), 0xff, 0xff, ...v4]));

/** 4 or 16 bytes of an address, for tests. */
export const anyIpBytes: fc.Arbitrary<Uint8Array> = fc.oneof(ipv4Bytes, ipv6Bytes, mappedBytes);

/** Addresses of both families, for tests. */
export const anyIp: fc.Arbitrary<Ip> = anyIpBytes.map(ipFromBytes);

/** Prefixes of any length, host bits included, for tests. */
export const anyPrefix: fc.Arbitrary<Prefix> = anyIp.chain((ip) =>
  fc.nat(addressBits(familyOf(ip))).map((length) => makePrefix(ip, length)),
);
