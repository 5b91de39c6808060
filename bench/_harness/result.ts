import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Benchmark, Outcome } from "./benchmark.ts";
import type { Machine } from "./machine.ts";

/** A benchmark's outcome as it is kept. */
export interface Result extends Outcome {
  readonly name: string;
  readonly title: string;
  /** ISO 8601. */
  readonly taken: string;
  readonly machine: Machine;
}

export const resultsFolder = join(import.meta.dir, "../results");

export function resultOf({ name, title }: Benchmark, machine: Machine, outcome: Outcome): Result {
  return { name, title, taken: new Date().toISOString(), machine, ...outcome };
}

/** Writes `bench/results/<name>.json`. */
export function keep(result: Result): void {
  mkdirSync(resultsFolder, { recursive: true });
  const text = JSON.stringify(
    result,
    (_key, value: unknown) => (typeof value === "number" ? rounded(value) : value),
    2,
  );
  writeFileSync(join(resultsFolder, `${result.name}.json`), `${text}\n`);
}

/** Five digits are more than the machine can repeat. */
function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(5));
}
