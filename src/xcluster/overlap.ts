import {
  type AddressTemplate,
  type Prefix,
  compareIp,
  contains,
  lastOf,
  networkOf,
  parsePrefix,
  parseTemplate,
  prefixIp,
  prefixLength,
  templateSlots,
  templateWhole,
} from "../values/index.ts";

/** Addresses that somebody uses: a prefix, or all that a template can make. */
export interface Space {
  /** As it was written, with its name. */
  readonly text: string;
  readonly whole: Prefix;
  readonly template?: AddressTemplate;
}

/** The first and the last of some numbers. */
export interface Range {
  readonly first: bigint;
  readonly last: bigint;
}

/** Two spaces with addresses in common. */
export interface Overlap {
  readonly spaces: readonly [Space, Space];
  /** All that they have in common; it is always one of the two. */
  readonly common: Prefix;
  /** Which nets of each that is; absent for what is no template. */
  readonly nets: readonly [Range | undefined, Range | undefined];
}

/** Reads `address/length` or `address/outer/inner`, with `NAME=` before it or without. @throws {ValueError} `bad-prefix`, `bad-template` */
export function parseSpace(text: string): Space {
  const written = text.slice(text.indexOf("=") + 1);
  if (written.split("/").length < 3) return { text, whole: networkOf(parsePrefix(written)) };
  const template = parseTemplate(written);
  return { text, whole: templateWhole(template), template };
}

/** The pairs that have addresses in common, in the order of the spaces. */
export function overlapsOf(spaces: readonly Space[]): readonly Overlap[] {
  const places = spaces.map((space, place) => ({ space, place }));
  const sorted = places.toSorted((a, b) => compareSpaces(a.space, b.space) || a.place - b.place);
  const found: { readonly at: readonly [number, number]; readonly overlap: Overlap }[] = [];
  // Prefixes are within each other or apart, so those that are open around the next are a stack.
  let open: typeof places = [];
  for (const one of sorted) {
    open = open.filter(({ space }) => contains(space.whole, one.space.whole));
    for (const around of open) {
      const [a, b] = around.place < one.place ? [around, one] : [one, around];
      const common = one.space.whole;
      const nets = [netsIn(a.space, common), netsIn(b.space, common)] as const;
      found.push({ at: [a.place, b.place], overlap: { spaces: [a.space, b.space], common, nets } });
    }
    open.push(one);
  }
  return found.toSorted((x, y) => x.at[0] - y.at[0] || x.at[1] - y.at[1]).map(({ overlap }) => overlap);
}

/** By address, and at the same address the larger first. */
function compareSpaces({ whole: a }: Space, { whole: b }: Space): number {
  return compareIp(prefixIp(a), prefixIp(b)) || prefixLength(a) - prefixLength(b);
}

function netsIn({ template }: Space, common: Prefix): Range | undefined {
  if (template === undefined) return undefined;
  const first = templateSlots(template, prefixIp(common));
  const last = templateSlots(template, lastOf(common));
  return first === undefined || last === undefined ? undefined : { first: first.net, last: last.net };
}
