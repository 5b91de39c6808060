import { type MessageKind, type NetlinkSocket, type Request, query, request } from "../netlink/index.ts";
import { type Family } from "../values/index.ts";
import { type Codec, forEachAttr, hostIsLittleEndian, putAttr } from "../wire/index.ts";

/**
 * Entries of a neighbour table as bytes. `rtnl` has them as values; a large matrix reads and deletes ten thousands of
 * them, and turning each address into text and back would take longer than the kernel's part of it.
 */
export interface CacheEntry {
  /** `struct ndmsg` of linux/neighbour.h: family 1, pad 3, link index 4, state 2, flags 1, type 1. */
  readonly header: Uint8Array;
  /** NDA_DST. */
  readonly dst: Uint8Array;
  /** NDA_FLAGS_EXT. */
  readonly extended: number;
}

const NDMSG = 12;
const NDA_DST = 1;
const NDA_FLAGS_EXT = 15;
const NUD = { INCOMPLETE: 0x01, NOARP: 0x40, PERMANENT: 0x80 } as const;
const NTF_EXT_LEARNED = 0x10;
const NTF_EXT_MANAGED = 1;
const AF_INET = 2;
const AF_INET6 = 10;

const header: Codec<Uint8Array> & { readonly size: number } = {
  name: "ndmsg",
  size: NDMSG,
  get: (bytes, start, end) => bytes.u8.slice(start, end),
  put: (writer, value) => writer.raw(value),
};

type Attrs = Pick<CacheEntry, "dst" | "extended">;
const nothing = new Uint8Array(0);
const attrs: Codec<Attrs> = {
  name: "neighbour",
  nested: true,
  get(bytes, start, end) {
    let dst = nothing;
    let extended = 0;
    forEachAttr(bytes, start, end, (type, from, to) => {
      if (type === NDA_DST) dst = bytes.u8.slice(from, to);
      else if (type === NDA_FLAGS_EXT && to - from === 4) extended = bytes.u32(from);
    });
    return { dst, extended };
  },
  put(writer, { dst }) {
    if (dst.length > 0) putAttr(writer, NDA_DST, () => writer.raw(dst));
  },
};

const kind = (name: string, type: number): MessageKind<Uint8Array, Attrs> => ({ name, type, header, attrs });
const newneigh = kind("newneigh", 28);
const delneigh = kind("delneigh", 29);
const getneigh = kind("getneigh", 30);

const anyNeighbour: Attrs = { dst: nothing, extended: 0 };

/** All entries of a namespace, or those of one family. RTM_GETNEIGH, a dump. @throws {NetlinkError} */
export function readCache(socket: NetlinkSocket, family?: Family): readonly CacheEntry[] {
  const asked = new Uint8Array(NDMSG);
  asked[0] = family === undefined ? 0 : family === 4 ? AF_INET : AF_INET6;
  const dump = request(getneigh, 0, asked, anyNeighbour, "list neighbours");
  return socket.dump(query(dump, newneigh, (head, { dst, extended }) => ({ header: head, dst, extended })));
}

/** RTM_DELNEIGH. */
export function forgetEntry({ header: head, dst, extended }: CacheEntry): Request {
  return request(delneigh, 0, head, { dst, extended }, "forget a neighbour");
}

export function familyOfEntry({ dst }: CacheEntry): Family {
  return dst.length === 4 ? 4 : 6;
}

/** What may happen to an entry when room is needed. */
export type EntryFate =
  /** It does not count against the limit (`exempt_from_gc` of net/core/neighbour.c), and somebody put it there. */
  | "exempt"
  /** Somebody put it there. */
  | "kept"
  /** Packets wait in it for an answer. */
  | "unresolved"
  /** The kernel made it by itself and would make it again. */
  | "cached";

export function fateOf({ header: head, dst, extended }: CacheEntry): EntryFate {
  const [low, high] = hostIsLittleEndian ? [8, 9] : [9, 8];
  const state = (head[low] ?? 0) | ((head[high] ?? 0) << 8);
  if ((state & NUD.PERMANENT) !== 0 || ((head[10] ?? 0) & NTF_EXT_LEARNED) !== 0) return "exempt";
  if ((extended & NTF_EXT_MANAGED) !== 0) return "kept";
  // Without address resolution: set by somebody, but for groups, whose link address follows from their own.
  if ((state & NUD.NOARP) !== 0) return isGroup(dst) ? "cached" : "kept";
  return (state & NUD.INCOMPLETE) !== 0 ? "unresolved" : "cached";
}

/** RFC 4291 §2.7, RFC 1112 §4. */
function isGroup(dst: Uint8Array): boolean {
  const first = dst[0] ?? 0;
  return dst.length === 16 ? first === 0xff : first >= 224 && first < 240;
}
