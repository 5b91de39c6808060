import { type MessageKind, type NetlinkSocket, query, request } from "../netlink/index.ts";
import { type GetAttrs, attrs, cstr, pad, struct, u16, u32, u8 } from "../wire/index.ts";

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

/** `NDTA_*` of linux/neighbour.h. */
const table = {
  name: [1, cstr], // NDTA_NAME
  thresh1: [2, u32], // NDTA_THRESH1
  thresh2: [3, u32], // NDTA_THRESH2
  thresh3: [4, u32], // NDTA_THRESH3
  config: [5, config], // NDTA_CONFIG
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

/** How full a neighbour table is. Both numbers are those of the whole machine, whatever namespace asks. */
export interface NeighTable {
  /** Entries of all namespaces, permanent ones included. */
  readonly entries: number;
  /** `gc_thresh3`: with so many (permanent ones do not count) the kernel refuses to make another one. */
  readonly limit: number;
}

const anyFamily: Header = { family: 0, pad: 0 };
const asked = query(
  request(getneightbl, 0, anyFamily, {}, "read the sizes of the neighbour tables"),
  newneightbl,
  (_header, { name, thresh3, config: numbers }) =>
    // Tables are followed by the parameters of each device, under the same name but without thresholds.
    thresh3 === undefined || numbers === undefined
      ? undefined
      : { name, table: { entries: numbers.entries, limit: thresh3 } },
);

/**
 * The tables of IPv4 (ARP) and IPv6 (neighbour discovery). Works without privilege and in any namespace, where
 * net.ipv4.neigh.default.gc_thresh3 and /proc/net/stat/arp_cache exist in the first one only.
 * @throws {NetlinkError}
 */
export function neighTables(socket: NetlinkSocket): readonly NeighTable[] {
  return socket
    .dump(asked)
    .flatMap(({ name, table: sizes }) => (name === "arp_cache" || name === "ndisc_cache" ? [sizes] : []));
}
