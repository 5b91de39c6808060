import { type Codec, WireError } from "../wire/index.ts";

const names = [
  "rxPackets",
  "txPackets",
  "rxBytes",
  "txBytes",
  "rxErrors",
  "txErrors",
  "rxDropped",
  "txDropped",
  "multicast",
  "collisions",
  "rxLengthErrors",
  "rxOverErrors",
  "rxCrcErrors",
  "rxFrameErrors",
  "rxFifoErrors",
  "rxMissedErrors",
  "txAbortedErrors",
  "txCarrierErrors",
  "txFifoErrors",
  "txHeartbeatErrors",
  "txWindowErrors",
  "rxCompressed",
  "txCompressed",
  "rxNoHandler",
  "rxOtherHostDropped",
] as const;

/** Counters of `struct rtnl_link_stats64` (linux/if_link.h), in packets or bytes; older kernels have fewer. */
export type LinkStats = { readonly [K in (typeof names)[number]]?: bigint };

/** Counters beyond the names known here are left out: the structure only ever grows at its end. */
export const stats64: Codec<LinkStats> = {
  name: "stats64",
  get(bytes, start, end) {
    if ((end - start) % 8 !== 0) {
      throw new WireError("short", `counters take 8 bytes each, got ${end - start}`, [], start);
    }
    const stats: Partial<Record<(typeof names)[number], bigint>> = {};
    names.forEach((name, index) => {
      const at = start + index * 8;
      if (at < end) stats[name] = bytes.u64(at);
    });
    return stats;
  },
  put(writer, stats) {
    for (const name of names) {
      const value = stats[name];
      if (value !== undefined) writer.u64(value);
    }
  },
};
