/** The program under the name ipu, and as netloom ipu. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { version } from "../../package.json";

const main = join(import.meta.dir, "../../src/cli/main.ts");

/** The program under a name, as a process. */
function run(argv0: string, ...words: readonly string[]) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, main, ...words], { argv0 });
  return { exit: exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}

test.each([
  [["makeip", "--cidr=172.16.0.0/16/24", "--net=2", "--host=3", "--subnet=2"], 0, "172.16.2.3/24\n", ""],
  [["makeip", "--cidr=172.16.0.0/16/24", "--net=256", "--host=1"], 1, "", "Net too large [256]\n"],
  [["makeip", "--foo"], 1, "", "makeip: unrecognized option '--foo'\n"],
  [["contains", "--cidr=10.0.0.0/8", "10.0.0.1"], 0, "", ""],
  [["contains", "--cidr=10.0.0.0/8", "11.0.0.1"], 1, "", ""],
  [["linklocal", "0:0:0:1:1:1"], 0, "fe80::200:ff:fe01:101\n", ""],
  [["version"], 0, `netloom-${version}\n`, ""],
  [["--version"], 1, "", "Unknown command [--version]\n"],
])("called ipu, and as netloom ipu: %p", (words, exit, stdout, stderr) => {
  expect(run("/bin/ipu", ...words)).toEqual({ exit, stdout, stderr });
  expect(run("netloom", "ipu", ...words)).toEqual({ exit, stdout, stderr });
});
