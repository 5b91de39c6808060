import { type Codec, WireError } from "../wire/index.ts";

/** Most bytes of it (NFT_USERDATA_MAXLEN of linux/netfilter/nf_tables.h). */
const MOST_UDATA = 256;

/** One entry: a number and bytes. */
export interface Entry {
  readonly type: number;
  readonly data: Uint8Array;
}

/** What programs keep with tables, chains, rules, sets and elements, and the kernel does not read: entries of libnftnl's udata.h. */
export const udata: Codec<readonly Entry[]> = {
  name: "udata",
  get(bytes, start, end) {
    const entries: Entry[] = [];
    for (let at = start; end - at >= 2;) {
      const length = bytes.u8[at + 1] ?? 0;
      const from = at + 2;
      if (from + length > end) break; // not of that form: somebody else's
      entries.push({ type: bytes.u8[at] ?? 0, data: bytes.u8.slice(from, from + length) });
      at = from + length;
    }
    return entries;
  },
  put(writer, entries) {
    const size = entries.reduce((sum, { data }) => sum + 2 + data.length, 0);
    if (size > MOST_UDATA)
      throw new WireError("overflow", `${size} bytes of user data; the kernel keeps ${MOST_UDATA}`);
    for (const { type, data } of entries) {
      writer.u8(type);
      writer.u8(data.length);
      writer.raw(data);
    }
  },
};

/** A comment is entry 0 of tables, chains, rules and elements (NFTNL_UDATA_*_COMMENT), and entry 7 of sets. */
export function comment(text: string, type = 0): Entry {
  return { type, data: new TextEncoder().encode(`${text}\0`) };
}

/** The comment among the entries. */
export function commentOf(entries: readonly Entry[] | undefined, type = 0): string | undefined {
  const bytes = entries?.find((entry) => entry.type === type)?.data;
  if (bytes === undefined) return undefined;
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
