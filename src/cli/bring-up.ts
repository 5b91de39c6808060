import { formatSummary, printOp, summarize } from "../change/index.ts";
import type { Lab, UpReport } from "../lab/index.ts";
import { addressesOf, mainOf, memberNames } from "../lab/topology.ts";
import { type Format, type Progress, render } from "../output/index.ts";
import type { MatrixResult } from "../probe/index.ts";
import { familyOf } from "../values/index.ts";
import { counted } from "./counted.ts";
import { report } from "./report.ts";
import { type Interruption, listenForSignals } from "./signals.ts";
import type { Terminal } from "./terminal.ts";
import { fullSize, matrixText, testWithProgress, whyIdle } from "./test-run.ts";
import { tellLacking, tellWarnings } from "./warnings.ts";
import { inspectionToJson, membersView, mtuLines } from "./views/members.ts";

interface UpFlags {
  readonly "no-test": boolean;
  readonly "dry-run": boolean;
  readonly wait: number | undefined;
  readonly timeout: number | undefined;
  readonly output: Format;
}

interface UpCall {
  readonly flags: UpFlags;
  readonly terminal: Terminal;
}

/** Pairs that `up` asks: all of a lab of 40 pods; larger labs get a sample, and `test` asks the rest. */
const MOST_PAIRS = 4000;

/** More rows than a screen or two are left to `inspect`. */
const MOST_ROWS = 40;

/** Brings a lab up, tests it and tells what is there now. Returns the exit code. */
export async function bringUp(lab: Lab, { flags, terminal }: UpCall): Promise<number> {
  if (flags["dry-run"]) {
    const { isDone, planToJson, summaryOf } = await import("./plan-text.ts");
    const planned = lab.plan();
    if (!isDone(planned)) tellLacking(lab, terminal);
    const view = { columns: [], rows: [], names: [], data: planToJson(planned) };
    terminal.out(
      flags.output === "json" || flags.output === "yaml"
        ? await render(view, flags.output)
        : `${formatSummary(summaryOf(planned).lines, terminal.style)}\n`,
    );
    return 0;
  }
  const started = performance.now();
  tellWarnings(lab, terminal);
  using interruption = listenForSignals((name) =>
    terminal.note(`netloom: ${name}: stopping; once more ends it at once`),
  );
  try {
    const done = await change(lab, flags, terminal, interruption);
    tellChange(lab, done, flags, terminal);
    const result = flags["no-test"]
      ? undefined
      : await testWithProgress(lab, { most: MOST_PAIRS, ...sizeFor(lab) }, terminal, interruption.signal);
    await tellLab(lab, done, result, flags, terminal, performance.now() - started);
    return result !== undefined && result.summary.failed > 0 ? 4 : 0;
  } catch (error) {
    const signalled = interruption.exitCode();
    // A test that a signal ended is no error: that it stops was announced.
    if (signalled !== undefined && error === interruption.signal.reason) {
      terminal.note(`netloom: lab ${lab.name} is up, and was not wholly tested: netloom test ${lab.name}`);
      return signalled;
    }
    const code = report(error);
    return signalled ?? code;
  }
}

/** Makes the difference, with progress on standard error. */
async function change(
  lab: Lab,
  { wait, timeout }: UpFlags,
  terminal: Terminal,
  { signal }: Interruption,
): Promise<UpReport> {
  using progress = terminal.progress();
  progress.step(`reading what is there of ${lab.name}`);
  const signals = timeout === undefined ? [signal] : [signal, AbortSignal.timeout(timeout)];
  return await lab.up({ waitMs: wait, signal: AbortSignal.any(signals), onProgress: progressOf(progress, lab.name) });
}

function progressOf(progress: Progress, name: string): (at: { readonly done: number; readonly total: number }) => void {
  let before: number | undefined;
  return ({ done, total }) => {
    if (before === undefined) progress.step(`bringing up ${name}`, total);
    progress.advance(done - (before ?? 0));
    before = done;
  };
}

/** One line, and for a lab that was there before the differences with what they cut. */
function tellChange(
  { name }: Lab,
  { created, ops, resumed, attached }: UpReport,
  { output }: UpFlags,
  terminal: Terminal,
): void {
  if (resumed)
    terminal.note(`netloom: an earlier change of lab ${name} had been stopped in the middle; it is finished now`);
  if (terminal.verbose) for (const op of ops) terminal.note(printOp(op));
  if (output !== "table" && output !== "wide") return;
  if (ops.length === 0 && attached.length === 0) terminal.note(`lab ${name} is as it should be: nothing to do`);
  else if (created) terminal.note(`lab ${name} is up: ${counted(ops.length, "change")}`);
  else if (ops.length > 0) terminal.note(formatSummary(summarize(ops).lines));
  if (attached.length > 0) terminal.note(`CNI plugins attached ${counted(attached.length, "pod")}`);
}

/** The lab as it is now, the matrix and the time. */
async function tellLab(
  lab: Lab,
  { created, ops, resumed }: UpReport,
  result: MatrixResult | undefined,
  { output }: UpFlags,
  terminal: Terminal,
  durationMs: number,
): Promise<void> {
  const { style, width } = terminal;
  const inspection = lab.inspect(output === "table" ? MOST_ROWS : undefined);
  const view = membersView(inspection);
  const hidden = memberNames(lab.topology).length - view.rows.length;
  const data = {
    created,
    resumed,
    changes: ops.length,
    ...inspectionToJson(inspection),
    test: result?.summary,
    durationMs: Math.round(durationMs),
  };
  terminal.out(await render({ ...view, data }, output, { style, ...(width === undefined ? {} : { width }) }));
  if (output !== "table" && output !== "wide") return;
  if (terminal.quiet) {
    if (result !== undefined && result.summary.failed > 0) terminal.out(`\n${matrixText(result, lab, terminal)}`);
    return;
  }
  const more = hidden > 0 ? [`… and ${hidden} more: netloom inspect ${lab.name} -o wide`] : [];
  const lines = [...more, "", ...mtuLines(inspection), ""].map((line) => `${line}\n`).join("");
  terminal.out(terminal.ascii ? lines.replaceAll("…", "...") : lines);
  const idle = whyIdle(lab);
  if (result !== undefined) terminal.out(idle === undefined ? matrixText(result, lab, terminal) : `${idle}\n`);
  const { size } = sizeFor(lab);
  if (result !== undefined && result.pairs.length > 0 && size !== undefined)
    terminal.out(
      `(packets of ${size} bytes, ${mtuLines(inspection).length === 1 ? "the full MTU" : "the least MTU"})\n`,
    );
  const all = pairsOf(lab);
  if (result !== undefined && result.pairs.length < all) {
    terminal.out(`(a sample of the ${all} pairs there are; netloom test ${lab.name} asks all)\n`);
  }
  terminal.out(`${(durationMs / 1000).toFixed(2)} s in all\n`);
}

/** The full MTU is proven too; but many large packets at once are more than a slow link's queue takes. */
function sizeFor(lab: Lab): { readonly size?: number } {
  return lab.topology.impairments.length === 0 ? { size: fullSize(lab) } : {};
}

/** Every pod, external and node can ask every other pod and external, at each address of a family that it has too. */
function pairsOf({ topology }: Lab): number {
  const { nodes, externals } = topology;
  const asked = [...nodes.flatMap(({ pods }) => pods), ...externals.map(mainOf)].map(({ addrs }) => addrs);
  const asking = [...asked, ...nodes.map((node) => addressesOf(topology, node))];
  return [4, 6].reduce((sum, family) => {
    const targets = asked.flat().filter((addr) => familyOf(addr) === family).length;
    const sources = asking.filter((addrs) => addrs.some((addr) => familyOf(addr) === family)).length;
    return sum + targets * (sources - 1);
  }, 0);
}
