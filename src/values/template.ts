import { ipFault } from "./_ip-fault.ts";
import { isDigits } from "./digits.ts";
import { ValueError } from "./error.ts";
import { addressBits, familyOf, ipFromBigInt, ipToBigInt, tryIp } from "./ip.ts";
import type { Family, Ip } from "./ip.ts";
import { contains, makePrefix, networkOf, prefixIp } from "./prefix.ts";
import type { Prefix } from "./prefix.ts";

/**
 * The double-slash template of xcluster's `ovl/netns` and `ipu makeip`: `172.16.0.0/16/24` numbers nets in the bits
 * from `outer` to `inner` and hosts in the bits after `inner`.
 *
 * ```
 * |<------- base ------->|<--- net --->|<--- host --->|
 * 0                    outer         inner        32 or 128
 * ```
 */
export interface AddressTemplate {
  /** Reads as the same template; an embedded one is written out. */
  readonly text: string;
  readonly family: Family;
  /** The address of net 0, host 0. */
  readonly base: Ip;
  /** Bits before the net slot, at least 1. */
  readonly outer: number;
  /** Bits before the host slot: the length of the addresses. */
  readonly inner: number;
  /** The IPv6 address an IPv4 template was embedded in, see {@link embedTemplate}. */
  readonly embed?: Ip;
}

/**
 * Reads `address/outer/inner`; address bits after `outer` are ignored. Unlike `ipu`, junk, a missing length and octal
 * or hex lengths are refused, and IPv6 slots can be of any width. Throws {@link ValueError} `bad-template`.
 */
export function parseTemplate(text: string): AddressTemplate {
  const parts = text.split("/");
  const [address = "", outerText = "", innerText = ""] = parts;
  if (parts.length !== 3) {
    throw bad(text, "write address/outer/inner with two lengths, like 172.16.0.0/16/24 or fd00:1::/48/64");
  }
  const ip = tryIp(address);
  if (ip === undefined) throw bad(text, `"${address}" is not an IP address: ${ipFault(address)}`);
  const bits = addressBits(familyOf(ip));
  const outer = parseLength(outerText);
  const inner = parseLength(innerText);
  if (outer === undefined || inner === undefined || outer > inner || inner > bits) {
    throw bad(
      text,
      `the lengths are decimal numbers from 1 to ${bits} without leading zeros, and the first is not above the second`,
    );
  }
  const base = prefixIp(networkOf(makePrefix(ip, outer)));
  return { text, family: familyOf(ip), base, outer, inner };
}

/**
 * Puts an IPv4 template into the low 32 bits of an IPv6 address, the rest of which is kept: `1000::1:0.0.0.0` with
 * `172.16.0.0/16/24` is `1000::1:ac10:0/112/120`. Throws {@link ValueError} `bad-template`.
 */
export function embedTemplate(v6text: string, v4: AddressTemplate): AddressTemplate {
  if (v4.family !== 4) throw bad(v4.text, "only an IPv4 template can be embedded; give one like 172.16.0.0/16/24");
  const embed = tryIp(v6text);
  if (embed === undefined || familyOf(embed) !== 6) {
    throw bad(v6text, "write the IPv6 address to embed IPv4 in, without a length, like 1000::1:0.0.0.0");
  }
  const base = ipFromBigInt(6, ((ipToBigInt(embed) >> 32n) << 32n) | ipToBigInt(v4.base));
  const outer = v4.outer + 96;
  const inner = v4.inner + 96;
  return { text: `${base}/${outer}/${inner}`, family: 6, base, outer, inner, embed };
}

/**
 * The address of a host in a net, with length `inner`; every number the slots can hold is allowed, 0 and all ones too.
 * Throws {@link ValueError} `net-too-large`, then `host-too-large`, for a number that does not fit its slot.
 */
export function templatePrefix(template: AddressTemplate, net: number | bigint, host: number | bigint): Prefix {
  const hostBits = addressBits(template.family) - template.inner;
  const netValue = slotValue(template, "net", net, template.inner - template.outer);
  const hostValue = slotValue(template, "host", host, hostBits);
  const address = ipToBigInt(template.base) | (netValue << BigInt(hostBits)) | hostValue;
  return makePrefix(ipFromBigInt(template.family, address), template.inner);
}

/** The network of a net, with length `inner`. Throws {@link ValueError} `net-too-large`. */
export function templateNet(template: AddressTemplate, net: number | bigint): Prefix {
  return templatePrefix(template, net, 0);
}

/** The numbers of an address, or how many numbers there are: slots can be wider than a `number` is exact. */
export interface TemplateSlots {
  readonly net: bigint;
  readonly host: bigint;
}

/** How many nets a template has, and hosts in each. */
export function templateRoom({ family, outer, inner }: AddressTemplate): TemplateSlots {
  return { net: 1n << BigInt(inner - outer), host: 1n << BigInt(addressBits(family) - inner) };
}

/** The inverse of {@link templatePrefix}: which net and host an address is; `undefined` for one that is not the template's. */
export function templateSlots(template: AddressTemplate, ip: Ip): TemplateSlots | undefined {
  if (!contains(templateWhole(template), ip)) return undefined;
  const room = templateRoom(template);
  const offset = ipToBigInt(ip) - ipToBigInt(template.base);
  return { net: offset / room.host, host: offset % room.host };
}

/** Everything a template can make an address of. */
export function templateWhole({ base, outer }: AddressTemplate): Prefix {
  return makePrefix(base, outer);
}

function slotValue(template: AddressTemplate, slot: "net" | "host", value: number | bigint, bits: number): bigint {
  const whole = typeof value === "bigint" || Number.isSafeInteger(value);
  if (whole && value >= 0 && BigInt(value) >> BigInt(bits) === 0n) return BigInt(value);
  const limit = bits === 0 ? "only 0" : bits < 32 ? `0-${2 ** bits - 1}` : `0-2^${bits}-1`;
  throw new ValueError(
    `${slot}-too-large`,
    String(value),
    `${slot} ${value} does not fit: ${template.text} has ${bits} ${slot} bits, ${limit}`,
  );
}

function parseLength(text: string): number | undefined {
  return isDigits(text) && text[0] !== "0" && text.length <= 3 ? Number(text) : undefined;
}

function bad(text: string, fix: string): ValueError {
  return new ValueError("bad-template", text, `"${text}" is not an address template: ${fix}`);
}
