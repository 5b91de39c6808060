/**
 * All tests: `npm test [-- [--skip-kernel] [NAME…]]`; a NAME keeps the test files whose path contains it.
 *
 * `--full-kernel` is for the virtual machine of test/vm: only tests whose name says `(needs CONFIG_…)`, and those that
 * passed are listed. TEST_PATIENCE multiplies all time limits, for a slow machine.
 *
 * `--again`: kernel and end-to-end files in which something failed run once more at the end, alone. What fails only beside others
 * is listed as "Unsteady", and counts as what it was at the second time.
 *
 * Files that need no kernel share one process per lane; each kernel and end-to-end file has a process, namespaces and
 * a `/run` of its own. The last line is `N passed, N failed` (`, N skipped`), with exit code 1 if any failed or none ran.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseReport, type Outcome } from "./run-junit.ts";
import { lanes, marked, prepare, select } from "./run-lanes.ts";
import { openSandbox } from "./run-sandbox.ts";

const patience = Number(process.env["TEST_PATIENCE"] ?? 1);
/** No test takes longer than so many milliseconds, however patient one is: one that hangs must not use up the machine's time. */
const testLimit = 600_000;
/** After this many milliseconds a process is taken for hung, and is ended with all its children. */
const processLimit = 600_000 * patience;
const jobs = 2;

const root = join(import.meta.dir, "..");
const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    again: { type: "boolean", default: false },
    "skip-kernel": { type: "boolean", default: false },
    "full-kernel": { type: "boolean", default: false },
  },
});
const fullKernel = options["full-kernel"];

const reports = mkdtempSync(join(tmpdir(), "netloom-test-"));
const running = new Set<number>();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    running.forEach(endGroup);
    process.exit(signal === "SIGINT" ? 130 : 143);
  });

const outcomes: Outcome[] = [];
const unsteady: Outcome[] = [];

/** `bun test` on files in one process; what it says is shown whole only when something failed. */
async function run(
  title: string,
  files: readonly string[],
  timeout: number,
  sandbox: readonly string[],
): Promise<readonly Outcome[]> {
  const report = join(reports, `${title.replaceAll("/", "_")}.xml`);
  const started = performance.now();
  const child = Bun.spawn(
    [
      ...sandbox,
      process.execPath,
      "test",
      `--timeout=${Math.min(timeout * patience, testLimit)}`,
      ...(fullKernel ? [`--test-name-pattern=${marked.source}`] : []),
      "--reporter=junit",
      `--reporter-outfile=${report}`,
      ...files.map((file) => `./${file}`),
    ],
    {
      cwd: root,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
      detached: true,
      env: environment(sandbox.length > 0),
    },
  );
  running.add(child.pid);
  const limit = setTimeout(() => endGroup(child.pid), processLimit);
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  clearTimeout(limit);
  endGroup(child.pid); // whatever a test left running

  if (fullKernel && /error: regex .* matched 0 tests/.test(stderr)) return [];
  const found = ((await Bun.file(report).exists()) ? [...parseReport(await Bun.file(report).text())] : []).filter(
    ({ name }) => !fullKernel || marked.test(name), // Bun tells the others as skipped
  );
  // A file that could not be loaded, a crash and a hang are in no report.
  if (code !== 0 && !found.some((test) => test.result === "failed"))
    found.push({
      file: title,
      name: `the process ended with ${child.signalCode ?? `exit code ${code}`}`,
      result: "failed",
    });
  if (code !== 0) console.log(`${stdout}${stderr}`);
  console.log(`${title}: ${totals(found)} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return found;
}

/** Ends a test process with all it started; each leads a process group of its own. */
function endGroup(pid: number): void {
  running.delete(pid);
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The caller's environment, less what would lead a test out of its sandbox or change what it prints. */
function environment(sandboxed: boolean): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("NETLOOM_") && !["XDG_RUNTIME_DIR", "FORCE_COLOR", "CLICOLOR_FORCE"].includes(name),
  );
  return {
    ...Object.fromEntries(kept as [string, string][]),
    NO_COLOR: "1",
    LC_ALL: "C",
    ...(sandboxed ? { TEST_SANDBOX: "1" } : {}),
  };
}

const failures = (found: readonly Outcome[]): readonly Outcome[] => found.filter(({ result }) => result === "failed");

function list(title: string, found: readonly Outcome[]): void {
  const lines = found.map(({ file, name }) => `  ${file}: ${name}`);
  if (lines.length > 0) console.log(`\n${title}:\n${lines.join("\n")}`);
}

function totals(found: readonly Outcome[]): string {
  const count = (result: Outcome["result"]): number => found.filter((test) => test.result === result).length;
  const skipped = count("skipped") > 0 ? `, ${count("skipped")} skipped` : "";
  return `${count("passed")} passed, ${count("failed")} failed${skipped}`;
}

for (const lane of lanes.filter((one) => !one.kernel)) {
  const files = select(root, lane, { names, fullKernel });
  if (files.length > 0) outcomes.push(...(await run(lane.name, files, lane.timeout, [])));
}

const sandbox = openSandbox();
const again: (() => Promise<readonly Outcome[]>)[] = [];
for (const lane of lanes.filter((one) => one.kernel)) {
  const queue = [...select(root, lane, { names, fullKernel })];
  if (queue.length > 0 && !options["skip-kernel"] && !fullKernel) prepare(root, lane);
  const worker = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      if (options["skip-kernel"]) {
        outcomes.push({ file, name: "all, because of --skip-kernel", result: "skipped" });
      } else if (sandbox.kind === "forbidden") {
        outcomes.push({ file, name: "all", result: "failed" });
        console.log(`${file}: no namespaces for it (${sandbox.reason}); run as root, or leave it out by --skip-kernel`);
      } else {
        const { command } = sandbox;
        const alone = () => run(file, [file], lane.timeout, command);
        const found = await alone();
        if (options.again && failures(found).length > 0) {
          unsteady.push(...failures(found));
          again.push(alone);
        } else outcomes.push(...found);
      }
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
}
for (const alone of again) outcomes.push(...(await alone()));

rmSync(reports, { recursive: true });
const of = (result: Outcome["result"]): readonly Outcome[] => outcomes.filter((test) => test.result === result);
if (fullKernel) list("Passed", of("passed"));
list("Skipped", of("skipped"));
list(
  "Unsteady",
  unsteady.filter(({ file }) => !of("failed").some((test) => test.file === file)),
);
list("Failed", of("failed"));
console.log(`\n${totals(outcomes)}`);
process.exitCode = of("failed").length > 0 || of("passed").length === 0 ? 1 : 0;
