import type { View } from "../../output/index.ts";
import { addressBits, familyOf, prefixLength } from "../../values/index.ts";
import type { Overlap, Range } from "../../xcluster/index.ts";

/** Pairs that overlap, a line each. */
export function overlapView(overlaps: readonly Overlap[]): View {
  const pairs = overlaps.map(({ spaces: [a, b], common, nets: [netsOfA, netsOfB] }) => ({
    a: a.text,
    b: b.text,
    common,
    addresses: 1n << BigInt(addressBits(familyOf(common)) - prefixLength(common)),
    ...(netsOfA !== undefined && { netsOfA }),
    ...(netsOfB !== undefined && { netsOfB }),
  }));
  return {
    columns: [
      { key: "a" },
      { key: "b" },
      { key: "common", title: "in common" },
      { key: "addresses", align: "right" },
      { key: "netsOfA", title: "nets of a", wide: true },
      { key: "netsOfB", title: "nets of b", wide: true },
    ],
    rows: pairs.map((pair) => ({ ...pair, netsOfA: rangeText(pair.netsOfA), netsOfB: rangeText(pair.netsOfB) })),
    data: { overlaps: pairs },
    names: pairs.map(({ common }) => common),
  };
}

function rangeText(range: Range | undefined): string | undefined {
  if (range === undefined) return undefined;
  return range.first === range.last ? String(range.first) : `${range.first}-${range.last}`;
}
