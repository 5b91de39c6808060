/** Every recorded run of the original `netns_test`, by a process under that name, on a host of that name with that list. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printingRuns } from "../../src/xcluster/_golden.ts";

const main = join(import.meta.dir, "../../src/cli/main.ts");
const { cases, rnd_addresses } = await printingRuns();
const etc = mkdtempSync(join(tmpdir(), "netloom-etc-"));

beforeAll(() => {
  writeFileSync(join(etc, "rnd-addresses"), rnd_addresses.map((number) => `${number}\n`).join(""));
});

afterAll(() => rmSync(etc, { recursive: true }));

/** Sets the host name and the list in namespaces of its own, then becomes the program. */
const inside = `hostname "$1" && mount --bind "$2" /etc && shift 2 && exec -a netns_test "$@"`;

test.each(cases.map((run) => [`${run.args.join(" ")} ${JSON.stringify(run.env)}`, run] as const))(
  "netns_test %s",
  (_, { args, env, hostname, exit, stdout, stderr }) => {
    const command = [process.execPath, main, ...args];
    const run = Bun.spawnSync(["unshare", "-mu", "bash", "-c", inside, "bash", hostname, etc, ...command], {
      env: { PATH: process.env["PATH"], HOME: tmpdir(), ...env },
      stdin: "ignore",
    });
    expect({ exit: run.exitCode, stdout: run.stdout.toString(), stderr: run.stderr.toString() }).toEqual({
      exit,
      stdout,
      stderr,
    });
  },
);
