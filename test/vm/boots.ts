/** How test files are spread over boots of the machine, and what each boot said of them. */
import { dirname } from "node:path";

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Files that share a boot, which takes seconds: those of a folder, and each comparison of CNI plugins alone, for it takes minutes.
 * A machine that dies or hangs takes no more with it than these, and they can be run again.
 */
export function bootsOf(files: readonly string[]): readonly (readonly string[])[] {
  return [...Map.groupBy(files, (file) => (file.startsWith("test/cni/diff/") ? file : dirname(file))).values()];
}

/** The last line of test/run.ts in what it printed; `undefined` while it has not come so far. */
export function totalsOf(text: string): Totals | undefined {
  const [, passed, failed, skipped = 0] = [...text.matchAll(totalsLine)].at(-1) ?? [];
  return passed === undefined
    ? undefined
    : { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) };
}

const totalsLine = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm;

/** The files that test/run.ts has not yet printed a line of. */
export function unfinished(files: readonly string[], text: string): readonly string[] {
  const lines = new Set([...text.matchAll(/^(\S+\.test\.ts): \d+ passed, /gm)].map(([, file]) => file));
  return files.filter((file) => !lines.has(file));
}

export const add = (a: Totals, b: Totals): Totals => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

export function printTotals({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
