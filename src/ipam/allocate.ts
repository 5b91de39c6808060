import type { Ip } from "../values/index.ts";
import { nextFree, rangeWith, sizeOf } from "./pool.ts";
import type { Range, RangeSet } from "./range.ts";
import type { Ledger, Owner } from "./store.ts";

/** An address that is to be reserved, for the set with the number `set`. */
export interface Pick {
  readonly ip: Ip;
  readonly range: Range;
  readonly set: number;
}

/** What came of asking for one address of each set; `set` is the one that has none to give. */
export type Allocation =
  | { readonly kind: "allocated"; readonly picks: readonly Pick[] }
  /** The owner has addresses of this set already. */
  | { readonly kind: "duplicate"; readonly set: number; readonly ips: readonly Ip[] }
  | { readonly kind: "exhausted"; readonly set: number; readonly size: bigint }
  | { readonly kind: "taken"; readonly set: number; readonly ip: Ip; readonly by?: Owner }
  | { readonly kind: "gateway"; readonly set: number; readonly ip: Ip }
  /** Requested, but in none of the sets. */
  | { readonly kind: "outside"; readonly ips: readonly Ip[] }
  /** Requested, but the set of each gives another requested address. */
  | { readonly kind: "too-many"; readonly ips: readonly Ip[] };

/**
 * Chooses one address of each set: the first requested one that lies in it, else the next free one after the last that was given.
 * Changes nothing; the same questions have the same answer.
 */
export function allocate(
  sets: readonly RangeSet[],
  owner: Owner,
  requested: readonly Ip[],
  ledger: Ledger,
): Allocation {
  const left = [...new Set(requested)];
  const picks: Pick[] = [];
  for (const [number, set] of sets.entries()) {
    const ip = left.find((one) => rangeWith(set, one) !== undefined);
    if (ip !== undefined) left.splice(left.indexOf(ip), 1);
    const answer = ip === undefined ? nextOf(set, number, owner, ledger) : askedFor(set, number, ip, ledger);
    if ("kind" in answer) return answer;
    picks.push(answer);
  }
  if (left.length === 0) return { kind: "allocated", picks };
  const outside = left.filter((ip) => !sets.some((set) => rangeWith(set, ip) !== undefined));
  return outside.length > 0 ? { kind: "outside", ips: outside } : { kind: "too-many", ips: left };
}

function askedFor(set: RangeSet, number: number, ip: Ip, ledger: Ledger): Pick | Allocation {
  const range = rangeWith(set, ip);
  if (range === undefined) throw new TypeError(`${ip} is not in the range set`);
  if (range.gateway === ip) return { kind: "gateway", set: number, ip };
  if (!ledger.taken(ip)) return { ip, range, set: number };
  const by = ledger.ownerOf(ip);
  return { kind: "taken", set: number, ip, ...(by === undefined ? {} : { by }) };
}

function nextOf(set: RangeSet, number: number, owner: Owner, ledger: Ledger): Pick | Allocation {
  const had = ledger.of(owner).filter((ip) => rangeWith(set, ip) !== undefined);
  if (had.length > 0) return { kind: "duplicate", set: number, ips: had };
  const free = nextFree(set, ledger.last(number), (ip) => !ledger.taken(ip));
  return free === undefined ? { kind: "exhausted", set: number, size: sizeOf(set) } : { ...free, set: number };
}

/** How many addresses of a set can be given away, and how many of them are. */
export function usage(set: RangeSet, ledger: Ledger): { readonly size: bigint; readonly taken: bigint } {
  const taken = ledger.all().filter(({ ip }) => {
    const range = rangeWith(set, ip);
    return range !== undefined && range.gateway !== ip;
  });
  return { size: sizeOf(set), taken: BigInt(taken.length) };
}
