/** Round-trip times in microseconds. */
export interface Rtt {
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * The smallest measured value that at least `share` (0 to 1) of all values do not exceed: the nearest-rank percentile,
 * which is always a value that was measured. `sorted` is in rising order and not empty.
 */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.min(Math.max(Math.ceil(share * sorted.length), 1), sorted.length);
  const value = sorted[rank - 1];
  if (value === undefined) throw new RangeError("no percentile of nothing: check for an empty list first");
  return value;
}

/** What round trips (nanoseconds, in any order) look like; `undefined` without any. */
export function rttOf(nanoseconds: readonly number[]): Rtt | undefined {
  const [only] = nanoseconds;
  if (only === undefined) return undefined;
  if (nanoseconds.length === 1) {
    const us = microseconds(only);
    return { min: us, p50: us, p90: us, p99: us, max: us };
  }
  const sorted = Float64Array.from(nanoseconds).sort();
  const at = (share: number): number => microseconds(percentile(sorted, share));
  return { min: at(0), p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

/** To a tenth of a microsecond. */
function microseconds(nanoseconds: number): number {
  return Math.round(nanoseconds / 100) / 10;
}
