import type { ProbeEnd, ProbePair } from "./result.ts";

/**
 * The order in which pairs are asked, as indexes into `pairs`.
 *
 * With the ends on a circle, a round holds the pairs that are the same distance apart: i → i+r, and back. So the load
 * is spread over all ends, and both directions of a pair follow each other while the neighbour entries that the first
 * one made (one at each end) are still there: the second one makes none.
 */
export function inRounds(pairs: readonly ProbePair[]): number[] {
  const places = new Map<ProbeEnd, number>();
  for (const { from, to } of pairs) {
    if (!places.has(from)) places.set(from, places.size);
    if (!places.has(to)) places.set(to, places.size);
  }
  const ends = places.size;
  const rounds: number[][] = [];
  pairs.forEach(({ from, to }, index) => {
    const distance = Math.abs((places.get(to) ?? 0) - (places.get(from) ?? 0));
    (rounds[Math.min(distance, ends - distance)] ??= []).push(index);
  });
  return rounds.flat();
}
