import type { Entry } from "../../nft/index.ts";

/** Elements of one set, by their keys as the kernel has them. */
export interface Keys {
  readonly set: string;
  readonly keys: readonly Uint8Array[];
}

/** Number of the entry in a chain's user data; nft(8) passes over what it does not know. */
const ENTRY = 0x6e;
/** An entry's length has eight bits, and the kernel keeps 256 bytes in all. */
const MOST = 250;

/**
 * An owner's chain keeps the keys of the owner's elements, so that they are found without reading the sets. What does not fit
 * is not kept; the sets are searched then.
 */
export function keysEntry(all: readonly Keys[]): Entry | undefined {
  const bytes: number[] = [];
  for (const { set, keys } of all) {
    const name = new TextEncoder().encode(set);
    bytes.push(name.length, ...name, keys.length, keys[0]?.length ?? 0, ...keys.flatMap((key) => [...key]));
    if (bytes.length > MOST) return undefined;
  }
  return { type: ENTRY, data: Uint8Array.from(bytes) };
}

/** The keys that a chain keeps; `undefined` if it keeps none. */
export function keysOf(userdata: readonly Entry[]): readonly Keys[] | undefined {
  const bytes = userdata.find(({ type }) => type === ENTRY)?.data;
  if (bytes === undefined) return undefined;
  const all: Keys[] = [];
  let at = 0;
  const take = (count: number): Uint8Array => bytes.slice(at, (at += count));
  while (at < bytes.length) {
    const set = new TextDecoder().decode(take(take(1)[0] ?? 0));
    const [count = 0, size = 0] = take(2);
    all.push({ set, keys: Array.from({ length: count }, () => take(size)) });
  }
  return all;
}
