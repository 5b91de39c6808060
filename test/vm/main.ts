/**
 * `npm run test:vm [-- NAME…]`: the tests whose name says `(needs CONFIG_…)`, in one boot of a virtual machine with a
 * full kernel; a NAME keeps the test files whose path contains it. `npm run test:vm -- --exec COMMAND…` runs a command
 * there instead.
 *
 * The last line and the exit code are those of test/run.ts. A machine that dies or does not come to its end in
 * TEST_VM_SECONDS (900) is a failure (exit codes 125 and 124); where there can be none, all is skipped with the reason.
 */
import { join } from "node:path";
import { lanes, prepare, select } from "../run-lanes.ts";
import { DEAD, Misnamed, runInMachine, TIME_LIMIT, Unavailable } from "./boot.ts";

const root = join(import.meta.dir, "../..");
const [first, ...rest] = process.argv.slice(2);
const exec = first === "--exec";
const names = exec || first === undefined ? [] : [first, ...rest];

if (!exec) {
  const wanted = lanes.filter((lane) => select(root, lane, { names, fullKernel: true }).length > 0);
  if (wanted.length === 0) {
    console.error(`netloom: no test file with ${names.join(" or ")} in its path has tests for a full kernel`);
    console.log("\n0 passed, 0 failed");
    process.exit(1);
  }
  // Here, because the machine has no network.
  for (const lane of wanted) prepare(root, lane);
}
const env = Object.fromEntries(Object.entries(process.env).filter((pair): pair is [string, string] => !!pair[1]));
env["PATH"] = `${env["PATH"] ?? ""}:/usr/sbin:/sbin`; // not on an ordinary user's, who is root there
const job = exec
  ? { command: rest, cwd: process.cwd(), env }
  : {
      command: [process.execPath, join(root, "test/run.ts"), "--full-kernel", ...names],
      cwd: root,
      env,
    };
try {
  const code = await runInMachine(job, Number(process.env["TEST_VM_SECONDS"] ?? 900));
  if (!exec && (code === TIME_LIMIT || code === DEAD)) console.log("\n0 passed, 1 failed");
  process.exitCode = code;
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
