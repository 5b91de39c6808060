/** The one executable that `npm run build` makes, alone: no runtime, no checkout and no PATH beside it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listing } from "./sandbox.ts";

const root = join(import.meta.dir, "../..");
const folder = mkdtempSync(join(tmpdir(), "netloom-built-"));
const executable = join(folder, "netloom");
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  const build = Bun.spawnSync(["sh", join(root, "scripts/build"), executable]);
  expect({ code: build.exitCode, said: build.exitCode === 0 ? "" : build.stderr.toString() }).toEqual({
    code: 0,
    said: "",
  });
  copyFileSync(join(root, "examples/overlay.netloom.yaml"), join(folder, "overlay.netloom.yaml"));
});

/** All in one mount namespace, in which the checkout with its Bun is hidden. */
const script = `set -e
mount -t tmpfs none ${root}
netloom() { env -i ${executable} "$@"; }
netloom validate
netloom up
netloom exec vm-001-ns01 -- /bin/hostname
netloom graph -o dot
netloom schema
netloom down`;

test("brings up, enters, draws and takes down a lab", () => {
  const before = listing();
  const run = Bun.spawnSync(["unshare", "-m", "sh", "-c", script], { cwd: folder, stdin: "ignore" });
  const [stdout, stderr] = [run.stdout.toString(), run.stderr.toString()];
  expect({ code: run.exitCode, stderr }).toEqual({
    code: 0,
    stderr: expect.stringMatching(
      /^overlay.netloom.yaml: lab overlay is valid: .*\nlab overlay is up: \d+ changes\nlab overlay is down: 9 .*\n$/,
    ),
  });
  for (const said of ["all 84 pairs as expected", "\nvm-001-ns01\n", "graph ", '"$schema"'])
    expect(stdout).toContain(said);
  expect(listing()).toEqual(before);
});
