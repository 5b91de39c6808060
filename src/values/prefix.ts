import type { Brand } from "./_brand.ts";
import { ipFault } from "./_ip-fault.ts";
import { isDigits } from "./digits.ts";
import { ValueError } from "./error.ts";
import { addressBits, familyOf, ipFromBytes, ipToBytes, tryIp } from "./ip.ts";
import type { Ip } from "./ip.ts";

/**
 * An address and a prefix length as text, `10.0.0.7/24` (RFC 4632 section 3.1, RFC 4291 section 2.3). Host bits are
 * kept, so it can be an interface's address; {@link networkOf} clears them.
 */
export type Prefix = Brand<string, "Prefix">;

/** Reads `address/length`. Throws {@link ValueError} `bad-prefix`. */
export function parsePrefix(text: string): Prefix {
  const prefix = tryPrefix(text);
  if (prefix === undefined) {
    throw new ValueError("bad-prefix", text, `"${text}" is not a prefix: ${faultOf(text)}`);
  }
  return prefix;
}

/** Reads `address/length`, or answers `undefined`. */
export function tryPrefix(text: string): Prefix | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return undefined;
  const ip = tryIp(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (ip === undefined || !isLength(length, addressBits(familyOf(ip)))) return undefined;
  return `${ip}/${length}` as Prefix;
}

/** A length without leading zeros that the family has. */
function isLength(text: string, most: number): boolean {
  return isDigits(text) && (text === "0" || text[0] !== "0") && Number(text) <= most;
}

/** Joins an address and a length in bits. Throws {@link ValueError} `bad-prefix` for a length the family lacks. */
export function makePrefix(ip: Ip, length: number): Prefix {
  const bits = addressBits(familyOf(ip));
  if (!Number.isInteger(length) || length < 0 || length > bits) {
    const text = `${ip}/${length}`;
    throw new ValueError("bad-prefix", text, `"${text}" is not a prefix: ${lengthFault(bits)}`);
  }
  return `${ip}/${length}` as Prefix;
}

/** The prefix that holds this address alone: `/32` or `/128`. */
export function hostPrefix(ip: Ip): Prefix {
  return `${ip}/${addressBits(familyOf(ip))}` as Prefix;
}

/** The address before the slash, host bits included. */
export function prefixIp(prefix: Prefix): Ip {
  return prefix.slice(0, prefix.indexOf("/")) as Ip;
}

/** The length in bits. */
export function prefixLength(prefix: Prefix): number {
  let length = 0;
  for (let i = prefix.indexOf("/") + 1; i < prefix.length; i++) {
    length = length * 10 + prefix.charCodeAt(i) - 0x30;
  }
  return length;
}

/** The prefix with its host bits cleared. */
export function networkOf(prefix: Prefix): Prefix {
  const length = prefixLength(prefix);
  const bytes = ipToBytes(prefixIp(prefix));
  for (let i = 0; i < bytes.length; i++) bytes[i] = (bytes[i] ?? 0) & ~hostMask(i, length);
  return `${ipFromBytes(bytes)}/${length}` as Prefix;
}

/** The highest address of the prefix; in IPv4 up to `/30` that is its broadcast address. */
export function lastOf(prefix: Prefix): Ip {
  const length = prefixLength(prefix);
  const bytes = ipToBytes(prefixIp(prefix));
  for (let i = 0; i < bytes.length; i++) bytes[i] = (bytes[i] ?? 0) | hostMask(i, length);
  return ipFromBytes(bytes);
}

/** Whether every address of `inner` is in `outer`. Families never mix, IPv4-mapped addresses are IPv6. */
export function contains(outer: Prefix, inner: Ip | Prefix): boolean {
  const length = prefixLength(outer);
  const slash = inner.indexOf("/");
  if (slash >= 0 && prefixLength(inner as Prefix) < length) return false;
  const ip = (slash < 0 ? inner : inner.slice(0, slash)) as Ip;
  return sameBits(prefixIp(outer), ip, length);
}

/** Whether some address is in both prefixes, which is so when one contains the other. */
export function overlaps(a: Prefix, b: Prefix): boolean {
  return sameBits(prefixIp(a), prefixIp(b), Math.min(prefixLength(a), prefixLength(b)));
}

function sameBits(a: Ip, b: Ip, length: number): boolean {
  if (familyOf(a) !== familyOf(b)) return false;
  const left = ipToBytes(a);
  const right = ipToBytes(b);
  for (let i = 0; i * 8 < length; i++) {
    const difference = (left[i] ?? 0) ^ (right[i] ?? 0);
    if ((difference & ~hostMask(i, length)) !== 0) return false;
  }
  return true;
}

/** The bits of byte `index` that a prefix of `length` bits leaves to the host. */
function hostMask(index: number, length: number): number {
  return 0xff >> Math.min(8, Math.max(0, length - index * 8));
}

/** What is wrong with a text that is no prefix, and what to write instead. */
function faultOf(text: string): string {
  const slash = text.indexOf("/");
  if (slash < 0) return "it has no length; write address/length, like 10.0.0.1/24 or fd00::1/64";
  const address = text.slice(0, slash);
  const ip = tryIp(address);
  if (ip === undefined) return `"${address}" is not an IP address: ${ipFault(address)}`;
  if (text.slice(slash + 1).includes(".")) return "a netmask is no length; write the number of its one bits, like /24";
  return lengthFault(addressBits(familyOf(ip)));
}

function lengthFault(bits: 32 | 128): string {
  return `the length after the slash is a decimal number from 0 to ${bits} without leading zeros`;
}
