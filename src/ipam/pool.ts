import { type Family, type Ip, compareIp, familyOf, ipFromBigInt, ipToBigInt } from "../values/index.ts";
import { IpamError } from "./error.ts";
import type { Range, RangeSet } from "./range.ts";

/** The family of a set's addresses. */
export function familyOfSet(set: RangeSet): Family {
  const [range] = set;
  if (range === undefined) throw new TypeError("a range set without a range");
  return familyOf(range.first);
}

/**
 * Checks what the ranges of all sets must be to one another: none empty, one family in a set, no address in two ranges. `whereOf` tells
 * the path of a set, or of one of its ranges, in the configuration. @throws {IpamError} bad-range
 */
export function checkSets(sets: readonly RangeSet[], whereOf: (set: number, range?: number) => string): void {
  const seen: { readonly range: Range; readonly where: string }[] = [];
  for (const [i, set] of sets.entries()) {
    if (set.length === 0)
      throw new IpamError("bad-range", "a range set is empty", whereOf(i), "give it a range, or remove it");
    for (const [j, range] of set.entries()) {
      const where = whereOf(i, j);
      if (familyOf(range.first) !== familyOfSet(set))
        throw new IpamError(
          "bad-range",
          `a range set mixes address families: ${set[0]?.subnet} and ${range.subnet}`,
          where,
          "put IPv4 and IPv6 ranges into sets of their own: each set gives one address",
        );
      const other = seen.find((one) => meet(one.range, range));
      if (other !== undefined)
        throw new IpamError(
          "bad-range",
          `the ranges ${printRange(other.range)} and ${printRange(range)} overlap`,
          `${other.where}, ${where}`,
          "give each address to one range only",
        );
      seen.push({ range, where });
    }
  }
}

function meet(a: Range, b: Range): boolean {
  if (familyOf(a.first) !== familyOf(b.first)) return false;
  return compareIp(a.first, b.last) <= 0 && compareIp(b.first, a.last) <= 0;
}

/** The range of the set that an address lies in, be it the gateway or not. */
export function rangeWith(set: RangeSet, ip: Ip): Range | undefined {
  const family = familyOf(ip);
  return set.find(
    (range) => familyOf(range.first) === family && compareIp(range.first, ip) <= 0 && compareIp(ip, range.last) <= 0,
  );
}

/** How many addresses a set can give away when none is taken. */
export function sizeOf(set: RangeSet): bigint {
  return set.reduce((sum, { first, last, gateway }) => {
    const inside = compareIp(first, gateway) <= 0 && compareIp(gateway, last) <= 0;
    return sum + ipToBigInt(last) - ipToBigInt(first) + (inside ? 0n : 1n);
  }, 0n);
}

/** `10.1.0.10-10.1.0.99`. */
export function printRange(range: Range): string {
  return `${range.first}-${range.last}`;
}

/** `10.1.0.10-10.1.0.99, 10.2.0.1-10.2.0.254`. */
export function printSet(set: RangeSet): string {
  return set.map(printRange).join(", ");
}

/**
 * The first free address of a set, range by range without the gateways: from the one after `last`, if that lies in the set, else
 * from the first, round to where it began. `last` itself comes last. Asks of each address once.
 */
export function nextFree(
  set: RangeSet,
  last: Ip | undefined,
  isFree: (ip: Ip) => boolean,
): { readonly ip: Ip; readonly range: Range } | undefined {
  const at = last === undefined ? undefined : rangeWith(set, last);
  const from = at === undefined || last === undefined ? 0 : set.indexOf(at);
  const next = at === undefined || last === undefined ? undefined : ipToBigInt(last) + 1n;
  for (let turn = 0; turn <= set.length; turn++) {
    const range = set[(from + turn) % set.length];
    if (range === undefined || (turn === set.length && next === undefined)) return undefined;
    const start = turn === 0 && next !== undefined ? next : ipToBigInt(range.first);
    const end = turn === set.length && next !== undefined ? next - 1n : ipToBigInt(range.last);
    for (let n = start; n <= end; n++) {
      const ip = ipFromBigInt(familyOf(range.first), n);
      if (ip !== range.gateway && isFree(ip)) return { ip, range };
    }
  }
  return undefined;
}
