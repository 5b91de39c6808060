/** The lane where there can be no machine: it is skipped with the reason, and asks nobody for anything. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let bin = "";
beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), "netloom-lane-"));
  for (const name of ["sh", "cat", "dirname", "readlink", "sed"]) symlinkSync(Bun.which(name) ?? "", join(bin, name));
  // An ordinary user: who is root would be brought the programs.
  for (const [name, says] of [
    ["id", "echo 1000"],
    ["apt-get", "exit 1"],
  ] as const) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${says}\n`);
    chmodSync(join(bin, name), 0o755);
  }
});
afterAll(() => rmSync(bin, { recursive: true }));

function lane(env: Readonly<Record<string, string>>, ...words: readonly string[]) {
  const run = Bun.spawnSync([process.execPath, join(import.meta.dir, "main.ts"), ...words], {
    stdin: "ignore",
    env: { HOME: bin, ...env },
  });
  const said = run.stdout.toString();
  return { code: run.exitCode, said, last: said.trimEnd().split("\n").at(-1), complaint: run.stderr.toString() };
}

test.skipIf(process.arch !== "x64")("without qemu all is skipped, with the line that brings it", () => {
  const { code, said, last } = lane({ PATH: bin }, "lab-netem");
  expect({ code, last }).toEqual({ code: 0, last: "0 passed, 0 failed, 1 skipped" });
  expect(said).toContain("Skipped:\n  test/vm: all, because there can be no virtual machine: ");
  expect(said).toMatch(/root must run this line once: apt-get install .*\bqemu-system-x86\b/);
});

test("a name that no such test has is told before anything is started", () => {
  const { code, last, complaint } = lane({ PATH: bin }, "no-such-test");
  expect({ code, last }).toEqual({ code: 1, last: "0 passed, 0 failed" });
  expect(complaint).toBe("netloom: no test file with no-such-test in its path has tests for a full kernel\n");
});

test("a single command is not skipped: it has not been run", () => {
  expect(lane({ PATH: bin }, "--exec", "true").code).toBe(125);
});

test.skipIf(process.arch !== "x64")("a kernel's folder that is none is a mistake, and no reason to skip", () => {
  for (const name of ["qemu-system-x86_64", "modprobe", "xz", "nft"]) {
    writeFileSync(join(bin, name), "#!/bin/sh\n");
    chmodSync(join(bin, name), 0o755);
  }
  const empty = join(bin, "kernel");
  mkdirSync(empty);
  const { code, last, complaint } = lane({ PATH: bin, TEST_VM_KERNEL: empty }, "lab-netem");
  expect({ code, last }).toEqual({ code: 125, last: "0 passed, 1 failed" });
  expect(complaint).toBe(
    `netloom: TEST_VM_KERNEL: ${empty} has no boot/vmlinuz-VERSION and lib/modules/VERSION; name a folder that has, or none\n`,
  );
});
