import type { ProbeEnd, ProbePair } from "./result.ts";

/**
 * The order in which pairs are asked, as indexes into `pairs`.
 *
 * With the ends on a circle, a round holds the pairs that are the same distance apart: i → i+r, and back. So the load
 * is spread over all ends. Both directions follow each other at once: the first one leaves a neighbour entry at each
 * end, and the second one uses it instead of asking the whole link again.
 */
export function inRounds(pairs: readonly ProbePair[]): number[] {
  const places = new Map<ProbeEnd, number>();
  for (const { from, to } of pairs) {
    if (!places.has(from)) places.set(from, places.size);
    if (!places.has(to)) places.set(to, places.size);
  }
  const ends = places.size;
  const keys = Float64Array.from(pairs, ({ from, to }) => {
    const a = places.get(from) ?? 0;
    const b = places.get(to) ?? 0;
    // The end from which the other one is less than half a circle ahead gives the couple its place in the round.
    const ahead = (b - a + ends) % ends;
    const [first, distance] = ahead * 2 < ends || (ahead * 2 === ends && a < b) ? [a, ahead] : [b, ends - ahead];
    return distance * ends + first;
  });
  return pairs.map((_, index) => index).sort((x, y) => (keys[x] ?? 0) - (keys[y] ?? 0) || x - y);
}
