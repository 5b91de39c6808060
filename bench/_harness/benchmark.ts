import type { Comparison, Series } from "./measure.ts";

/** One question about speed, answered beside a peer in the same run. */
export interface Benchmark {
  readonly name: string;
  readonly title: string;
  readonly run: (settings: Settings) => Promise<Outcome> | Outcome;
}

export interface Settings {
  /** Small sizes and few rounds: to see that a benchmark works. Its figures mean nothing and are not kept. */
  readonly quick: boolean;
}

export interface Outcome {
  readonly series: readonly Series[];
  readonly comparisons: readonly Comparison[];
  readonly notes: readonly string[];
}
