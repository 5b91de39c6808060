/** A folder of reservations that cannot be written or read: what host-local says, and that it leaves nothing. */
import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { call, confFor, onDisk, own } from "./ipam-calls.ts";

function must(...command: readonly string[]): void {
  const { success, stderr } = Bun.spawnSync([...command]);
  if (!success) throw new Error(`${command.join(" ")}: ${stderr.toString()}`);
}

/** A file system of its own. */
function disk(name: string, options: string): string {
  const path = `/run/${name}`;
  mkdirSync(path);
  must("mount", "-n", "-t", "tmpfs", "-o", options, "netloom-test", path);
  return path;
}

describe.skipIf(own === undefined)("host-local says why, where and what to do (needs the executable)", () => {
  const executable = own ?? "";
  const ask = (command: "ADD" | "DEL" | "STATUS", dataDir: string) =>
    call(executable, {
      command,
      id: "c1",
      conf: { ...confFor(dataDir, "10.1.0.0/24", "fd01::/64"), cniVersion: "1.1.0" },
    });

  test("no inode is left, after the first address or before", async () => {
    const outcomes = new Set<number>();
    for (const inodes of [3, 4, 5, 6, 7, 8, 9, 10]) {
      const path = disk(`inodes${inodes}`, `nr_inodes=${inodes}`);
      const { code, message } = await ask("ADD", path);
      outcomes.add(code);
      const left = readdirSync(path).includes("n1") ? onDisk(`${path}/n1`).size : 0;
      expect([code, left]).toEqual(code === 0 ? [0, 2] : [1, 0]);
      if (code !== 0) {
        expect(message).toContain(`${path}/n1`);
        expect(message).toContain("No space left on device");
        expect(message).toContain("free some space");
      }
      expect((await ask("DEL", path)).code).toBe(0);
    }
    expect(outcomes).toEqual(new Set([0, 1]));
  });

  test("no block is left, and DEL frees all the same", async () => {
    const path = disk("blocks", "size=64k");
    expect((await ask("ADD", path)).code).toBe(0);
    try {
      writeFileSync(`${path}/filler`, new Uint8Array(1 << 20));
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe("ENOSPC");
    }
    const conf = { ...confFor(path, "10.1.0.0/24", "fd01::/64"), cniVersion: "1.1.0" };
    const { code, message } = await call(executable, { command: "ADD", id: "c2", conf });
    expect([code, message]).toEqual([1, expect.stringContaining("free some space")]);
    expect(onDisk(`${path}/n1`).size).toBe(2);
    expect((await ask("DEL", path)).code).toBe(0);
    expect(onDisk(`${path}/n1`).size).toBe(0);
  });

  test("a read-only file system", async () => {
    const path = disk("readonly", "size=1m");
    expect((await ask("ADD", path)).code).toBe(0);
    must("mount", "-n", "-o", "remount,ro", path);
    for (const command of ["DEL", "ADD"] as const) {
      const { code, message } = await call(executable, {
        command,
        id: command === "ADD" ? "c2" : "c1",
        conf: confFor(path, "10.1.0.0/24"),
      });
      expect([command, code, message]).toEqual([
        command,
        1,
        expect.stringMatching(/\/run\/readonly\/n1.*Read-only file system.*ipam\.dataDir/),
      ]);
    }
    const fresh = await call(executable, {
      command: "ADD",
      id: "c2",
      conf: { ...confFor(`${path}/deeper`, "10.1.0.0/24") },
    });
    expect(fresh.message).toContain("its file system is read-only");
    for (const folder of [path, `${path}/deeper`]) {
      const { code, message } = await ask("STATUS", folder);
      expect([code, message]).toEqual([
        1,
        expect.stringMatching(/cannot be written.*\/run\/readonly(\/n1)?: its file system is read-only/),
      ]);
    }
    must("mount", "-n", "-o", "remount,rw", path);
    for (const folder of [path, `${path}/deeper`]) expect((await ask("STATUS", folder)).code).toBe(0);
  });

  test("what is no folder", async () => {
    writeFileSync("/run/plain", "");
    for (const command of ["ADD", "STATUS"] as const) {
      const { code, message } = await ask(command, "/run/plain");
      expect([code, message]).toEqual([
        1,
        expect.stringMatching(/\/run\/plain\/n1.*Not a directory.*something on this path is a file/),
      ]);
    }
    expect((await ask("DEL", "/run/plain")).code).toBe(0);
    rmSync("/run/plain");
  });
});
