import { type Expectation, type Lab, LabError, type TestOptions } from "../lab/index.ts";
import { leastMtus } from "../lab/topology.ts";
import { renderJson, render } from "../output/index.ts";
import { type MatrixResult, formatMatrix, matrixToJUnit } from "../probe/index.ts";
import { repeat } from "./show.ts";
import { listenForSignals } from "./signals.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage.ts";
import { tellWarnings } from "./warnings.ts";

interface TestFlags {
  readonly mtu: string | undefined;
  readonly count: number | undefined;
  readonly retries: number | undefined;
  readonly family: "4" | "6" | "both";
  readonly only: string | undefined;
  readonly expect: readonly string[];
  readonly timeout: number | undefined;
  readonly output: "table" | "json" | "yaml" | "junit";
  readonly watch: boolean;
  readonly interval: number | undefined;
}

/** Tests a lab and prints the matrix. Exit code 4 where it is not as expected, 5 where no pair is left to test. */
export async function testAndShow(
  lab: Lab,
  { flags, terminal }: { readonly flags: TestFlags; readonly terminal: Terminal },
): Promise<number> {
  const options = optionsOf(lab, flags);
  tellWarnings(lab, terminal);
  const idle = whyIdle(lab);
  if (idle !== undefined) throw new LabError("not-matched", idle);
  if (flags.watch)
    return repeat(terminal, flags.interval, async () => again(await lab.test(options), lab, flags.output, terminal));
  using interruption = listenForSignals();
  const result = await interruptible(
    () => testWithProgress(lab, options, terminal, interruption.signal),
    interruption.signal,
  );
  if (result === undefined) return interruption.exitCode() ?? 1;
  if (result.pairs.length === 0) {
    const only = flags.only === undefined ? "" : ` --only ${flags.only}`;
    const family = flags.family === "both" ? "" : ` --family ${flags.family}`;
    throw new LabError("not-matched", `no pair fits${only}${family}: nothing was tested`);
  }
  terminal.out(await print(result, lab, flags.output, terminal));
  return result.summary.failed > 0 ? 4 : 0;
}

/** Why nothing of a lab can be tested; nothing where something can. */
export function whyIdle({ name, topology: { nodes, externals } }: Lab): string | undefined {
  if (externals.length > 0 || nodes.some(({ pods }) => pods.length > 0)) return undefined;
  return `nothing of lab ${name} was tested: it has no pods and no hosts outside, and these are who is asked`;
}

/** Tests with a progress line on standard error. */
export async function testWithProgress(
  lab: Lab,
  options: TestOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<MatrixResult> {
  using progress = terminal.progress();
  progress.step("testing");
  let before: number | undefined;
  const onProgress = (done: number, total: number): void => {
    if (before === undefined) progress.step("testing", total);
    progress.advance(done - (before ?? 0));
    before = done;
  };
  return await lab.test({ ...options, signal, onProgress });
}

/** The matrix and its summary for people. */
export function matrixText(result: MatrixResult, lab: Lab, { style, width, ascii }: Terminal): string {
  const { networks } = lab.topology;
  const homes = new Map(
    networks.flatMap((network) =>
      network.nodes.flatMap((node) => {
        const group = networks.length === 1 ? node.name : `${network.name} on ${node.name}`;
        return node.pods.map(({ name }) => [name, group] as const);
      }),
    ),
  );
  const groupOf = (name: string): string => homes.get(name) ?? name;
  return formatMatrix(result, { color: style.color, ascii, groupOf, ...(width === undefined ? {} : { width }) });
}

function print(
  result: MatrixResult,
  lab: Lab,
  format: TestFlags["output"],
  terminal: Terminal,
): string | Promise<string> {
  switch (format) {
    case "table":
      return matrixText(result, lab, terminal);
    case "json":
      return renderJson(result);
    case "yaml":
      return render({ columns: [], rows: [], data: result, names: [] }, "yaml");
    case "junit":
      return matrixToJUnit(result);
  }
}

/** One of many results: JSON is a line each time. */
function again(
  result: MatrixResult,
  lab: Lab,
  format: TestFlags["output"],
  terminal: Terminal,
): string | Promise<string> {
  return format === "json" ? `${JSON.stringify(result)}\n` : print(result, lab, format, terminal);
}

function optionsOf(lab: Lab, flags: TestFlags): TestOptions {
  const { mtu, count, retries, family, only, expect, timeout } = flags;
  const size = mtu === undefined ? undefined : sizeOf(mtu, lab, family);
  return {
    expect: expect.map((word) => expectationIn(lab, word)),
    ...(size === undefined ? {} : { size }),
    ...(count === undefined ? {} : { count }),
    ...(retries === undefined ? {} : { retries }),
    ...(only === undefined ? {} : { only }),
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    ...(family === "both" ? {} : { family: family === "4" ? 4 : 6 }),
  };
}

/** The largest packet that the lab promises to every family that is tested. */
export function fullSize({ topology }: Lab, family: TestFlags["family"] = "both"): number {
  const { ipv4, ipv6 } = leastMtus(topology.networks);
  const sizes = [...(family === "6" ? [] : [ipv4?.bytes]), ...(family === "4" ? [] : [ipv6?.bytes])];
  return Math.min(...sizes.filter((size) => size !== undefined));
}

function sizeOf(word: string, lab: Lab, family: TestFlags["family"]): number {
  if (word === "auto") return fullSize(lab, family);
  if (!/^\d+$/.test(word)) throw new UsageError(`--mtu ${word}: give the bytes of an IP packet, such as 1500, or auto`);
  return Number(word);
}

/** Whoever asks for a wall and misspells it shall not be told that it stands. */
function expectationIn(lab: Lab, word: string): Expectation {
  const expectation = expectationOf(word);
  const [wrong] = lab.warnings([expectation]);
  if (wrong === undefined) return expectation;
  const { message, hint } = wrong;
  throw new LabError("not-matched", `--expect ${word}: ${message}${hint === undefined ? "" : ` (${hint})`}`);
}

/** `vm-001-*:vm-002-*=no`. */
export function expectationOf(word: string): Expectation {
  const [, from, to, verdict] = /^([^:=]+):([^:=]+)=(yes|no)$/.exec(word) ?? [];
  if (from === undefined || to === undefined) {
    throw new UsageError(
      `--expect ${word}: write FROM:TO=yes or FROM:TO=no`,
      "for example --expect 'vm-001-*:vm-002-*=no'",
    );
  }
  return { from, to, reach: verdict === "yes" };
}

async function interruptible<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
