import { type Codec, type GetAttrs, type SetAttrs, WireError, attrs, ip, raw, u32 } from "../wire/index.ts";
import type { Bytes } from "../wire/index.ts";
import { encapData, encapType } from "./encap.ts";
import { via } from "./via.ts";

/** The `RTA_*` attributes that a nexthop of a multipath route can have. */
const table = {
  gateway: [5, ip], // RTA_GATEWAY
  flow: [11, u32], // RTA_FLOW
  via: [18, via], // RTA_VIA
  newDst: [19, raw], // RTA_NEWDST
  encapType: [21, encapType], // RTA_ENCAP_TYPE
  encap: [22, encapData], // RTA_ENCAP
} as const;

const codec = attrs(table);

interface Hop<Attrs> {
  /** RTNH_F_*. */
  readonly flags: number;
  /** The weight, less one. */
  readonly hops: number;
  readonly index: number;
  readonly attrs: Attrs;
}

export type HopGet = Hop<GetAttrs<typeof table>>;
export type HopSet = Hop<SetAttrs<typeof table>>;

/** sizeof(struct rtnexthop): u16 length, u8 flags, u8 hops, s32 index. */
const HEADER = 8;

/** RTA_MULTIPATH: a row of `struct rtnexthop`, each with attributes of its own (linux/rtnetlink.h). */
export const multipath: Codec<readonly HopGet[], readonly HopSet[]> = {
  name: "nexthops",
  get(bytes, start, end) {
    const hops: HopGet[] = [];
    forEachHop(bytes, start, end, (at, to) =>
      hops.push({
        flags: bytes.view.getUint8(at + 2),
        hops: bytes.view.getUint8(at + 3),
        index: bytes.s32(at + 4),
        attrs: codec.get(bytes, at + HEADER, to),
      }),
    );
    return hops;
  },
  put(writer, hops) {
    for (const { flags, hops: weight, index, attrs: values } of hops) {
      const at = writer.length;
      writer.u16(0);
      writer.u8(flags);
      writer.u8(weight);
      writer.s32(index);
      codec.put(writer, values);
      writer.patchLength16(at, writer.length - at);
    }
  },
  parts(bytes, start, end, visit) {
    let index = 0;
    forEachHop(bytes, start, end, (at, to) => visit({ name: `${index++}`, codec, type: 0, at, from: at + HEADER, to }));
  },
};

function forEachHop(bytes: Bytes, start: number, end: number, visit: (at: number, to: number) => void): void {
  let at = start;
  while (end - at >= HEADER) {
    const length = bytes.u16(at);
    if (length < HEADER || at + length > end) {
      throw new WireError("short", `a nexthop claims ${length} bytes, ${end - at} are left`, [], at);
    }
    visit(at, at + length);
    at += (length + 3) & ~3;
  }
}
