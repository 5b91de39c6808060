import { familyOf, ipFromBytes, ipToBytes, tryIp } from "../../values/index.ts";
import type { Family } from "../../values/index.ts";

/** inet_pton(3): the bytes in network order, or nothing where the text is no address of the family. */
export function inetPton(family: Family, text: string): Uint8Array | undefined {
  const ip = tryIp(text);
  return ip === undefined || familyOf(ip) !== family ? undefined : ipToBytes(ip);
}

/**
 * inet_ntop(3) of glibc. It is RFC 5952 but for IPv4-compatible addresses (RFC 4291 section 2.5.5.1): where exactly the first six
 * groups are zero, the rest is dotted.
 */
export function inetNtop(bytes: Uint8Array): string {
  const compatible = bytes.length === 16 && bytes.subarray(0, 12).every((byte) => byte === 0) && seventh(bytes) !== 0;
  return compatible ? `::${bytes.subarray(12).join(".")}` : ipFromBytes(bytes);
}

const seventh = (bytes: Uint8Array): number => (bytes[12] ?? 0) | (bytes[13] ?? 0);
