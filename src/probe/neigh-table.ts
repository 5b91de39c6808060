import { type MessageKind, type NetlinkSocket, query, request } from "../netlink/index.ts";
import type { Family } from "../values/index.ts";
import { type GetAttrs, attrs, cstr, pad, struct, u16, u32, u64, u8 } from "../wire/index.ts";

/** `struct ndt_config` of linux/neighbour.h, as far as it is read; times in milliseconds. */
const config = struct({
  keyLength: u16,
  entrySize: u16,
  entries: u32,
  sinceFlush: u32,
  sinceRand: u32,
  hashRandom: u32,
  hashMask: u32,
  hashChainGc: u32,
  proxyQueue: u32,
});

/** `struct ndt_stats` of linux/neighbour.h: counters of the whole machine since it started. */
const stats = struct({
  allocs: u64,
  destroys: u64,
  hashGrows: u64,
  resolveFailed: u64,
  lookups: u64,
  hits: u64,
  receivedMulticast: u64,
  receivedUnicast: u64,
  periodicGc: u64,
  forcedGc: u64,
  tableFulls: u64,
});

/** `NDTA_*` of linux/neighbour.h. */
const table = {
  name: [1, cstr], // NDTA_NAME
  thresh1: [2, u32], // NDTA_THRESH1
  thresh2: [3, u32], // NDTA_THRESH2
  thresh3: [4, u32], // NDTA_THRESH3
  config: [5, config], // NDTA_CONFIG
  stats: [7, stats], // NDTA_STATS
} as const;

const header = struct({ family: u8, pad: pad(3) });
type Header = { readonly family: number; readonly pad: 0 };
const codec = attrs(table);
const kind = (name: string, type: number): MessageKind<Header, GetAttrs<typeof table>> => ({
  name,
  type,
  header,
  attrs: codec,
});

/** RTM_GETNEIGHTBL and RTM_NEWNEIGHTBL of linux/rtnetlink.h. */
const getneightbl = kind("getneightbl", 66);
const newneightbl = kind("newneightbl", 64);

/** How full a neighbour table is. All numbers are those of the whole machine, whatever namespace asks. */
export interface NeighTable {
  readonly family: Family;
  /** Entries of all namespaces, permanent ones included. */
  readonly entries: number;
  /** `gc_thresh3`: with so many (permanent ones do not count) the kernel refuses to make another one. */
  readonly limit: number;
  /** How often it has refused. */
  readonly refusals: bigint;
}

const families: Readonly<Record<string, Family>> = { arp_cache: 4, ndisc_cache: 6 };

const anyFamily: Header = { family: 0, pad: 0 };
const asked = query(
  request(getneightbl, 0, anyFamily, {}, "read the sizes of the neighbour tables"),
  newneightbl,
  (_header, { name, thresh3, config: sizes, stats: counters }): NeighTable | undefined => {
    const family = families[name ?? ""];
    // Tables are followed by the parameters of each device, under the same name but without thresholds.
    if (family === undefined || thresh3 === undefined || sizes === undefined) return undefined;
    return { family, entries: sizes.entries, limit: thresh3, refusals: counters?.tableFulls ?? 0n };
  },
);

/**
 * The tables of IPv4 (ARP) and IPv6 (neighbour discovery). Works without privilege and in any namespace, where
 * net.ipv4.neigh.default.gc_thresh3 and /proc/net/stat/arp_cache exist in the first one only.
 * @throws {NetlinkError}
 */
export function neighTables(socket: NetlinkSocket): readonly NeighTable[] {
  return socket.dump(asked);
}
