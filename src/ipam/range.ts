import {
  type Ip,
  type Prefix,
  addressBits,
  compareIp,
  contains,
  familyOf,
  ipFromBigInt,
  ipToBigInt,
  lastOf,
  networkOf,
  parseIp,
  parsePrefix,
  prefixIp,
  prefixLength,
} from "../values/index.ts";
import { IpamError } from "./error.ts";

/** A range as a person wrote it. */
export interface RangeText {
  readonly subnet: string;
  readonly rangeStart?: string;
  readonly rangeEnd?: string;
  readonly gateway?: string;
}

/** The addresses `first` to `last` of a subnet; the gateway is never given away, whether it lies among them or not. */
export interface Range {
  readonly subnet: Prefix;
  readonly first: Ip;
  readonly last: Ip;
  readonly gateway: Ip;
}

/** Ranges of one family from which one address is taken. */
export type RangeSet = readonly Range[];

/**
 * Reads a range and fills in what is left out: the gateway and the start are the subnet's first address, the end is its last
 * that a host may have. `where` is its path in the configuration. @throws {IpamError} bad-range
 */
export function readRange(text: RangeText, where: string): Range {
  const subnet = read(parsePrefix, text.subnet, `${where}.subnet`, "write a network such as 10.1.0.0/16");
  checkSubnet(subnet, `${where}.subnet`);
  const [low, high] = usable(subnet);
  const first = bound("rangeStart", text.rangeStart, subnet, where) ?? low;
  const last = bound("rangeEnd", text.rangeEnd, subnet, where) ?? high;
  if (compareIp(last, first) < 0)
    throw new IpamError(
      "bad-range",
      `the range of ${subnet} ends at ${last}, before its start ${first}`,
      `${where}.${text.rangeEnd === undefined ? "rangeStart" : "rangeEnd"}`,
      "give a rangeEnd that is not below rangeStart",
    );
  return { subnet, first, last, gateway: gatewayOf(text.gateway, subnet, where) ?? low };
}

function checkSubnet(subnet: Prefix, where: string): void {
  const most = addressBits(familyOf(subnet)) - 2;
  if (prefixLength(subnet) > most)
    throw new IpamError(
      "bad-range",
      `the subnet ${subnet} is too small to give addresses away`,
      where,
      `take one of length /${most} or shorter`,
    );
  const network = networkOf(subnet);
  if (network !== subnet)
    throw new IpamError("bad-range", `the subnet ${subnet} has host bits set`, where, `write ${network}`);
}

/** The first and the last address that a host may have: without the network's own, and without broadcast in IPv4. */
function usable(subnet: Prefix): readonly [low: Ip, high: Ip] {
  const family = familyOf(subnet);
  const last = lastOf(subnet);
  const low = ipFromBigInt(family, ipToBigInt(prefixIp(subnet)) + 1n);
  return [low, family === 4 ? ipFromBigInt(family, ipToBigInt(last) - 1n) : last];
}

function bound(
  key: "rangeStart" | "rangeEnd",
  text: string | undefined,
  subnet: Prefix,
  where: string,
): Ip | undefined {
  if (text === undefined) return undefined;
  const ip = read(parseIp, text, `${where}.${key}`, `give an address of ${subnet}`);
  if (!contains(subnet, ip))
    throw new IpamError(
      "bad-range",
      `${key} ${ip} is not in the subnet ${subnet}`,
      `${where}.${key}`,
      `give an address from ${prefixIp(subnet)} to ${lastOf(subnet)}, or leave ${key} out`,
    );
  return ip;
}

/** A gateway may lie outside of the subnet, but not in another family. */
function gatewayOf(text: string | undefined, subnet: Prefix, where: string): Ip | undefined {
  if (text === undefined) return undefined;
  const ip = read(parseIp, text, `${where}.gateway`, `give an address of ${subnet}`);
  if (familyOf(ip) !== familyOf(subnet))
    throw new IpamError(
      "bad-range",
      `the gateway ${ip} is of another address family than the subnet ${subnet}`,
      `${where}.gateway`,
      `give an IPv${familyOf(subnet)} address, or leave gateway out for the subnet's first`,
    );
  return ip;
}

function read<T>(parse: (text: string) => T, text: string, where: string, remedy: string): T {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new IpamError("bad-range", error.message, where, remedy, { cause: error });
  }
}
