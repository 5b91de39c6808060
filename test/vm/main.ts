/**
 * `npm run test:vm [-- NAME…]`: the tests whose name says `(needs CONFIG_…)`, in a virtual machine with a full kernel; a NAME
 * keeps the test files whose path contains it. `npm run test:vm -- --exec COMMAND…` runs a command there instead.
 *
 * The last line and the exit code are those of test/run.ts, over all boots of the machine. One that dies or does not come to its
 * end in TEST_VM_SECONDS (1200) is started once more, and listed as unsteady; the second time it is a failure (exit codes 125 and
 * 124), and no other is started. Where there can be none, all is skipped with the reason.
 */
import { join } from "node:path";
import { lanes, prepare, select } from "../run-lanes.ts";
import { type Acceleration, accelerations } from "./acceleration.ts";
import { DEAD, INTERRUPTED, Misnamed, runInMachine, TIME_LIMIT, Unavailable } from "./boot.ts";
import { add, bootsOf, printTotals, type Totals, totalsOf, unfinished } from "./boots.ts";

const root = join(import.meta.dir, "../..");
const [first, ...rest] = process.argv.slice(2);
const exec = first === "--exec";
const seconds = Number(process.env["TEST_VM_SECONDS"] ?? 1200);
const env = Object.fromEntries(Object.entries(process.env).filter((pair): pair is [string, string] => !!pair[1]));
env["PATH"] = `${env["PATH"] ?? ""}:/usr/sbin:/sbin`; // not on an ordinary user's, who is root there

try {
  process.exitCode = await (exec ? runInMachine({ command: rest, cwd: process.cwd(), env }, seconds) : runTests());
} catch (error) {
  if (error instanceof Misnamed) {
    console.error(`netloom: ${error.message}`);
    if (!exec) console.log("\n0 passed, 1 failed");
    process.exit(DEAD);
  }
  if (!(error instanceof Unavailable)) throw error;
  console.log(`\nSkipped:\n  test/vm: all, because there can be no virtual machine: ${error.message}`);
  console.log("\n0 passed, 0 failed, 1 skipped");
  process.exitCode = exec ? DEAD : 0;
}

/** @returns the exit code @throws {Unavailable}, {Misnamed} */
async function runTests(): Promise<number> {
  const names = first === undefined ? [] : [first, ...rest];
  const wanted = lanes
    .map((lane) => ({ lane, files: select(root, lane, { names, fullKernel: true }) }))
    .filter(({ files }) => files.length > 0);
  if (wanted.length === 0) {
    console.error(`netloom: no test file with ${names.join(" or ")} in its path has tests for a full kernel`);
    console.log("\n0 passed, 0 failed");
    return 1;
  }
  for (const { lane } of wanted) prepare(root, lane); // Here, because the machine has no network.

  let sum: Totals = { passed: 0, failed: 0, skipped: 0 };
  for (const files of bootsOf(wanted.flatMap((one) => one.files))) {
    const ways = accelerations();
    let end = await runBoot(files, ways);
    if (end.totals === undefined && end.code !== INTERRUPTED) {
      list("Unsteady", end);
      end = await runBoot(files, ways.slice(-1));
    }
    if (end.code === INTERRUPTED) return INTERRUPTED;
    sum = add(sum, end.totals ?? { passed: 0, failed: 1, skipped: 0 });
    if (end.totals === undefined) {
      list("Failed", end);
      console.log(`\n${printTotals(sum)}`);
      return end.code;
    }
  }
  console.log(`\n${printTotals(sum)}`);
  return sum.failed > 0 || sum.passed === 0 ? 1 : 0;
}

interface BootEnd {
  /** TIME_LIMIT or DEAD without totals. */
  readonly code: number;
  readonly totals?: Totals;
  /** Files of which nothing was said. */
  readonly left: readonly string[];
}

/** @throws {Unavailable}, {Misnamed} */
async function runBoot(files: readonly string[], ways: readonly Acceleration[]): Promise<BootEnd> {
  let text = "";
  const command = [process.execPath, join(root, "test/run.ts"), "--full-kernel", "--again", ...files];
  const code = await runInMachine({ command, cwd: root, env }, seconds, (piece) => (text += piece), ways);
  const left = unfinished(files, text);
  if ([INTERRUPTED, TIME_LIMIT, DEAD].includes(code)) return { code, left };
  const totals = totalsOf(text);
  return totals === undefined ? { code: DEAD, left } : { code, totals, left };
}

/** As test/run.ts lists tests. */
function list(title: string, { code, left }: BootEnd): void {
  const why = code === TIME_LIMIT ? `was still running after ${seconds} s` : "did not come to its end";
  console.log(`\n${title}:\n  test/vm: the machine ${why}; without a result: ${left.join(", ")}\n`);
}
