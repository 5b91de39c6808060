import type { Brand } from "./_brand.ts";
import { ipFault } from "./_ip-fault.ts";
import { parseIpv4, printIpv4, putUint32 } from "./_ipv4.ts";
import { parseIpv6, printIpv6 } from "./_ipv6.ts";
import { ValueError } from "./error.ts";
import type { Prefix } from "./prefix.ts";

/**
 * An IP address as its canonical text, so `===` compares and a `Map` can key on it: an IPv4 dotted quad, or IPv6 as in
 * RFC 5952.
 */
export type Ip = Brand<string, "Ip">;

/** 4 for IPv4, 6 for IPv6. */
export type Family = 4 | 6;

/** Reads an IPv4 or IPv6 address in any valid spelling. Throws {@link ValueError} `bad-ip`. */
export function parseIp(text: string): Ip {
  const ip = tryIp(text);
  if (ip === undefined) {
    throw new ValueError("bad-ip", text, `"${text}" is not an IP address: ${ipFault(text)}`);
  }
  return ip;
}

/** Reads an IPv4 or IPv6 address, or answers `undefined`. */
export function tryIp(text: string): Ip | undefined {
  if (familyOfText(text) === 4) return parseIpv4(text) === undefined ? undefined : (text as Ip);
  const bytes = parseIpv6(text);
  return bytes === undefined ? undefined : (printIpv6(bytes) as Ip);
}

/** The family of an address or prefix. */
export function familyOf(value: Ip | Prefix): Family {
  return familyOfText(value);
}

/** The width of the family's addresses in bits: 32 or 128. */
export function addressBits(family: Family): 32 | 128 {
  return family === 4 ? 32 : 128;
}

/** The address in network order: 4 or 16 bytes, freshly allocated. */
export function ipToBytes(ip: Ip): Uint8Array {
  if (familyOfText(ip) === 6) return parseIpv6(ip) ?? unbranded(ip);
  const bytes = new Uint8Array(4);
  putUint32(bytes, 0, parseIpv4(ip) ?? unbranded(ip));
  return bytes;
}

/** The address of 4 or 16 bytes in network order. Throws {@link ValueError} `bad-ip` for any other length. */
export function ipFromBytes(bytes: Uint8Array): Ip {
  if (bytes.length === 4) return printIpv4(bytes) as Ip;
  if (bytes.length === 16) return printIpv6(bytes) as Ip;
  throw new ValueError(
    "bad-ip",
    bytes.toHex(),
    `${bytes.length} bytes are not an IP address: give 4 bytes for IPv4 or 16 for IPv6`,
  );
}

/** The address as an unsigned number of 32 or 128 bits. */
export function ipToBigInt(ip: Ip): bigint {
  if (familyOfText(ip) === 4) return BigInt(parseIpv4(ip) ?? unbranded(ip));
  return BigInt(`0x${ipToBytes(ip).toHex()}`);
}

/** The address with this number. Throws {@link ValueError} `bad-ip` when the family has no such number. */
export function ipFromBigInt(family: Family, n: bigint): Ip {
  const bits = addressBits(family);
  if (n < 0n || n >> BigInt(bits) !== 0n) {
    throw new ValueError(
      "bad-ip",
      String(n),
      `${n} is not an IPv${family} address: give a number from 0 to 2^${bits}-1`,
    );
  }
  const bytes = new Uint8Array(bits / 8);
  for (let at = bytes.length - 4, rest = n; at >= 0; at -= 4, rest >>= 32n) {
    putUint32(bytes, at, Number(BigInt.asUintN(32, rest)));
  }
  return ipFromBytes(bytes);
}

/** Orders addresses: IPv4 before IPv6, then by number. Negative, zero or positive, as `Array.sort` wants it. */
export function compareIp(a: Ip, b: Ip): number {
  if (a === b) return 0;
  const left = ipToBytes(a);
  const right = ipToBytes(b);
  if (left.length !== right.length) return left.length - right.length;
  for (let i = 0; i < left.length; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function familyOfText(text: string): Family {
  return text.includes(":") ? 6 : 4;
}

function unbranded(text: string): never {
  throw new ValueError("bad-ip", text, `"${text}" was cast to Ip without being one: make it with parseIp`);
}
