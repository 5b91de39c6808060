/** The lane where there can be no machine: it is skipped with the reason, and asks nobody for anything. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** In qemu's place: boots, and then does what the next line of the file SCRIPT says. */
const qemu = `#!${process.execPath}
const words = process.argv.slice(2);
const ports = {};
for (const word of words) {
  const [, id, unix] = /^socket,id=(\\w+),path=(.+)$/.exec(word) ?? [];
  if (id !== undefined) ports[id] = await Bun.connect({ unix, socket: { data() {} } });
}
const [what, ...others] = (await Bun.file(process.env.SCRIPT).text()).split("\\n");
await Bun.write(process.env.SCRIPT, others.join("\\n"));
ports.status.write("up\\n");
if (what === "hang") await new Promise(() => setInterval(() => {}, 1000));
if (what !== "die") {
  ports.stdout.write(what + "\\n");
  ports.status.write((what.includes(" 0 failed") ? 0 : 1) + "\\n");
}
for (const port of Object.values(ports)) port.end();
`;

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

describe.skipIf(process.arch !== "x64" || !existsSync("/bin/busybox"))("a machine (needs the program busybox)", () => {
  /** What is told of boots that do these things in turn. */
  function boots(...lines: readonly string[]) {
    const kernel = join(bin, "full");
    mkdirSync(join(kernel, "boot"), { recursive: true });
    mkdirSync(join(kernel, "lib/modules/6"), { recursive: true });
    const builtin = ["virtio_pci", "virtio_console", "virtio_rng", "9pnet_virtio", "9p", "overlay"];
    writeFileSync(join(kernel, "boot/vmlinuz-6"), "");
    writeFileSync(join(kernel, "lib/modules/6/modules.dep"), "");
    writeFileSync(join(kernel, "lib/modules/6/modules.builtin"), builtin.map((name) => `${name}.ko\n`).join(""));
    for (const [name, text] of [
      ["qemu-system-x86_64", qemu],
      ["modprobe", "#!/bin/sh\n"],
      ["xz", "#!/bin/sh\n"],
      ["nft", "#!/bin/sh\n"],
    ] as const) {
      writeFileSync(join(bin, name), text);
      chmodSync(join(bin, name), 0o755);
    }
    const script = join(bin, "script");
    writeFileSync(script, lines.join("\n"));
    return lane(
      { PATH: `${bin}:${process.env["PATH"]}`, TEST_VM_KERNEL: kernel, TEST_VM_SECONDS: "3", SCRIPT: script },
      "lab-netem",
    );
  }

  test("that dies is started once more, and the run is what it then says", () => {
    const { code, said, last } = boots("die", "4 passed, 0 failed, 1 skipped");
    expect({ code, last }).toEqual({ code: 0, last: "4 passed, 0 failed, 1 skipped" });
    expect(said).toContain(
      "Unsteady:\n  test/vm: the machine did not come to its end; without a result: test/kernel/lab-netem",
    );
  });

  test("that hangs twice is a failure, and says of what there is no result", () => {
    const { code, said, last } = boots("hang", "hang");
    expect({ code, last }).toEqual({ code: 124, last: "0 passed, 1 failed" });
    expect(said).toContain(
      "Failed:\n  test/vm: the machine was still running after 3 s; without a result: test/kernel/lab-netem",
    );
  });

  test("whose tests fail is not started again", () => {
    const { code, said, last } = boots("3 passed, 1 failed", "4 passed, 0 failed");
    expect({ code, last }).toEqual({ code: 1, last: "3 passed, 1 failed" });
    expect(said).not.toContain("Unsteady");
  });
});
