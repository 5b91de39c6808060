import { afterAll, expect, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SysError } from "./errno.ts";
import { readWhole } from "./file.ts";
import { changedAt, makeDirs, publishFile, readFolder, replaceFile, setChangedAt } from "./folder.ts";

const root = mkdtempSync(join(tmpdir(), "netloom-folder-"));
afterAll(() => rmSync(root, { recursive: true }));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("makes missing folders", () => {
  makeDirs(join(root, "a/b/c"));
  makeDirs(join(root, "a/b/c"));
  expect(statSync(join(root, "a/b/c")).isDirectory()).toBe(true);
  writeFileSync(join(root, "file"), "");
  expect(() => makeDirs(join(root, "file/x/y"))).toThrow(SysError);
});

test("reads all files of a folder, and only files", () => {
  const folder = join(root, "many");
  mkdirSync(join(folder, "inner"), { recursive: true });
  for (let i = 0; i < 3000; i++) writeFileSync(join(folder, `f${i}`), `text ${i}\r\n`);
  writeFileSync(join(folder, "empty"), "");
  const found = readFolder(folder);
  expect(found.size).toBe(3001);
  expect(found.get("f2999")).toBe("text 2999\r\n");
  expect(found.get("empty")).toBe("");
  expect(readFolder(join(root, "none")).size).toBe(0);
  expect(() => readFolder(join(root, "file"))).toThrow("Not a directory");
});

test("publishes a file once", () => {
  const folder = join(root, "publish");
  mkdirSync(folder);
  expect(publishFile(folder, "one", bytes("first"), 0o600)).toBe(true);
  expect(publishFile(folder, "one", bytes("second"), 0o600)).toBe(false);
  expect(readFileSync(join(folder, "one"), "utf8")).toBe("first");
  expect(statSync(join(folder, "one")).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "one")).nlink).toBe(1);
  expect(readdirSync(folder)).toEqual(["one"]);
  expect(() => publishFile(join(root, "none"), "one", bytes("x"))).toThrow("No such file");
});

test("replaces a file", () => {
  const folder = join(root, "replace");
  mkdirSync(folder);
  replaceFile(folder, "one", bytes("a longer text"));
  replaceFile(folder, "one", bytes("short"));
  expect(readFileSync(join(folder, "one"), "utf8")).toBe("short");
  expect(readdirSync(folder)).toEqual(["one"]);
});

test("reads and sets the time of a change", () => {
  const folder = join(root, "time");
  expect(changedAt(folder)).toBeUndefined();
  mkdirSync(folder);
  utimesSync(folder, 5, 1234567);
  expect(changedAt(folder)).toBe(1234567000000000n);
  setChangedAt(folder, 1700000000123456789n);
  expect(changedAt(folder)).toBe(1700000000123456789n);
  expect(statSync(folder).atimeMs).toBe(5000);
  writeFileSync(join(folder, "new"), "");
  expect(changedAt(folder)).toBeGreaterThan(1700000000123456789n);
});

test("reads a file of any size", () => {
  const path = join(root, "large");
  expect(readWhole(path)).toBeUndefined();
  for (const size of [0, 1, 65535, 65536, 65537, 1_000_000]) {
    writeFileSync(path, `${"x".repeat(Math.max(0, size - 1))}${size > 0 ? "\n" : ""}`);
    expect(readWhole(path)).toBe(readFileSync(path, "utf8"));
  }
});
