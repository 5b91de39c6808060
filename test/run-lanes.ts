/** Which test files there are, how each kind of them runs, and which tests a full kernel is for. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Lane {
  readonly name: string;
  readonly glob: string;
  /** One process per file, in a sandbox. */
  readonly kernel: boolean;
  /** For one test, in milliseconds. */
  readonly timeout: number;
  /** A script to run before, outside the sandbox, once some file of the lane is wanted. What fails there, tests tell. */
  readonly setup?: string;
}

export const lanes: readonly Lane[] = [
  { name: "unit", glob: "src/**/*.test.ts", kernel: false, timeout: 10_000 },
  { name: "repository", glob: "test/*.test.ts", kernel: false, timeout: 120_000 },
  { name: "golden", glob: "test/golden/**/*.test.ts", kernel: false, timeout: 30_000 },
  { name: "contract", glob: "test/contract/**/*.test.ts", kernel: false, timeout: 30_000 },
  { name: "machine", glob: "test/vm/**/*.test.ts", kernel: false, timeout: 30_000 },
  { name: "kernel", glob: "test/kernel/**/*.test.ts", kernel: true, timeout: 60_000 },
  { name: "e2e", glob: "test/e2e/**/*.test.ts", kernel: true, timeout: 120_000 },
  { name: "cni", glob: "test/cni/**/*.test.ts", kernel: true, timeout: 120_000, setup: "test/cni/setup" },
];

/** In the names of tests, or of blocks around them, that a kernel without some option skips. */
export const marked = /\(needs CONFIG_/;

/** In the text of a file that may have such tests: the words, `${option…}` in their place, or a case of test/cni/diff. */
const candidate = /\(needs (?:CONFIG_|\$\{option\b)|\bneeds: "/;

export interface Choice {
  /** Parts of paths; none keeps all. */
  readonly names?: readonly string[];
  /** Only what may have tests that a small kernel skips. */
  readonly fullKernel?: boolean;
}

/** The files of a lane below the repository's folder, sorted. */
export function select(root: string, lane: Lane, { names = [], fullKernel = false }: Choice = {}): readonly string[] {
  if (fullKernel && !lane.kernel) return [];
  return [...new Bun.Glob(lane.glob).scanSync({ cwd: root })]
    .toSorted()
    .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
    .filter((file) => !fullKernel || candidate.test(readFileSync(join(root, file), "utf8")));
}

/** Runs the lane's setup, where it has one. */
export function prepare(root: string, { setup }: Lane): void {
  if (setup !== undefined)
    Bun.spawnSync(["sh", join(root, setup)], { stdin: "ignore", stdout: "inherit", stderr: "inherit" });
}
