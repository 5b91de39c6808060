/** What was measured: one figure per round. */
export interface Series {
  readonly label: string;
  readonly unit: Unit;
  readonly values: readonly number[];
}

export type Unit = "s" | "ms" | "MiB" | "KiB" | "processes" | "changes";

/** What is asked of a ratio or a figure. */
export type Target = { readonly atMost: number } | { readonly atLeast: number };

/** A line of the table: our figure beside a peer's, or against a limit. */
export interface Comparison {
  readonly work: string;
  readonly ours: Figure;
  readonly peer?: Figure;
  /** Ours divided by the peer's, or the other way round where "times faster" is asked; our figure where there is no peer. */
  readonly value: number;
  /** Absent: for information. */
  readonly target?: Target;
}

export interface Figure {
  readonly label: string;
  readonly unit: Unit;
  readonly median: number;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

export function figure({ label, unit, values }: Series): Figure {
  return { label, unit, median: median(values) };
}

/** Ours may take `limit` times as long as the peer. */
export function atMost(work: string, ours: Series, peer: Series, limit?: number): Comparison {
  const [own, other] = [figure(ours), figure(peer)];
  const target = limit === undefined ? {} : { target: { atMost: limit } };
  return { work, ours: own, peer: other, value: own.median / other.median, ...target };
}

/** Ours shall be `limit` times faster than the peer. */
export function timesFaster(work: string, ours: Series, peer: Series, limit: number): Comparison {
  const [own, other] = [figure(ours), figure(peer)];
  return { work, ours: own, peer: other, value: other.median / own.median, target: { atLeast: limit } };
}

/** A figure on its own. */
export function alone(work: string, ours: Series, limit?: number): Comparison {
  const own = figure(ours);
  return { work, ours: own, value: own.median, ...(limit === undefined ? {} : { target: { atMost: limit } }) };
}

/** The series with the smallest median: the best that a peer can do. */
export function fastest(candidates: readonly [Series, ...Series[]]): Series {
  return candidates.reduce((best, each) => (median(each.values) < median(best.values) ? each : best));
}

/** Round by round sums. */
export function plus(label: string, a: Series, b: Series): Series {
  const values = a.values.map((value, at) => value + (b.values[at] ?? Number.NaN));
  return { label, unit: a.unit, values };
}

export function scaled(label: string, series: Series, factor: number): Series {
  return { ...series, label, values: series.values.map((value) => value * factor) };
}

export function isMet({ value, target }: Comparison): boolean | undefined {
  if (target === undefined) return undefined;
  return "atMost" in target ? value <= target.atMost : value >= target.atLeast;
}
