/** A fact about a pair and how likely it explains what happened: the higher, the earlier. */
export interface Finding {
  readonly weight: number;
  /** A plain sentence that names its objects, without a full stop. */
  readonly text: string;
}

/**
 * Which cause explains the most. What makes other facts follow comes first: a link that is down takes its IPv6
 * addresses and its routes along, an address that is missing takes the route to its network.
 */
export const WEIGHT = {
  answeredByOther: 110,
  noLink: 105,
  linkDown: 100,
  noAddress: 98,
  dadFailed: 97,
  noCarrier: 95,
  notReady: 94.7,
  tooBigHere: 94,
  tooBigOnTheWay: 93,
  noRoute: 92,
  tooBigThere: 91,
  learntMtu: 90.5,
  icmpError: 90,
  refused: 89,
  wrongNeighbour: 88,
  tentative: 87,
  tableFull: 86.5,
  silentNeighbour: 86,
  noForwarding: 83,
  hop: 20,
  way: 10,
} as const;

/** Reasons found on the way back explain a little less than the same ones on the way there. */
export const WAY_BACK = -0.4;
/** … and so do those further on the way. */
export const PER_HOP = -0.05;

/** The two that explain the most, each once. */
export function mostLikely(findings: readonly Finding[], count = 2): string[] {
  const ranked = findings.toSorted((a, b) => b.weight - a.weight);
  return [...new Set(ranked.map(({ text }) => text))].slice(0, count);
}
