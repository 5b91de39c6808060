import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { O, openFile } from "./file.ts";
import { lockRange } from "./range-lock.ts";

test("ranges of a file are locked for open files, also of one process", () => {
  const folder = mkdtempSync(join(tmpdir(), "netloom-lock-"));
  const open = () => openFile(join(folder, "lock"), O.RDWR | O.CREAT);
  const [one, other] = [open(), open()];
  expect(lockRange(one, "exclusive", 10, 1)).toBe(true);
  expect(lockRange(one, "exclusive", 10, 1)).toBe(true);
  expect(lockRange(other, "exclusive", 10, 1)).toBe(false);
  expect(lockRange(other, "shared", 10, 1)).toBe(false);
  expect(lockRange(other, "exclusive", 11, 1)).toBe(true);
  expect(lockRange(other, "exclusive", 5, 0)).toBe(false);
  expect(lockRange(one, "shared", 10, 1)).toBe(true);
  expect(lockRange(other, "shared", 10, 1)).toBe(true);
  expect(lockRange(one, "exclusive", 10, 1)).toBe(false);
  expect(lockRange(other, "none", 10, 1)).toBe(true);
  expect(lockRange(one, "exclusive", 10, 1)).toBe(true);
  one.close();
  expect(lockRange(other, "exclusive", 0, 0)).toBe(true);
  other.close();
  rmSync(folder, { recursive: true });
});

test("another process sees the lock", () => {
  const folder = mkdtempSync(join(tmpdir(), "netloom-lock-"));
  const path = join(folder, "lock");
  using fd = openFile(path, O.RDWR | O.CREAT);
  const script = `import { O, openFile } from ${JSON.stringify(join(import.meta.dir, "file.ts"))};
import { lockRange } from ${JSON.stringify(join(import.meta.dir, "range-lock.ts"))};
console.log(lockRange(openFile(${JSON.stringify(path)}, O.RDWR), "exclusive", 2 ** 40, 1));`;
  const ask = () => Bun.spawnSync([process.execPath, "-e", script]).stdout.toString().trim();
  expect(ask()).toBe("true");
  expect(lockRange(fd, "exclusive", 2 ** 40, 1)).toBe(true);
  expect(ask()).toBe("false");
  rmSync(folder, { recursive: true });
});
