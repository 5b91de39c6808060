import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isEmptyFile, isFile } from "./kind.ts";

const folder = mkdtempSync(join(tmpdir(), "netloom-kind-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
writeFileSync(at("empty"), "");
writeFileSync(at("full"), "x");
mkdirSync(at("folder"));
symlinkSync("empty", at("link"));
symlinkSync("nowhere", at("dangling"));

test.each([
  ["empty", true, true],
  ["full", true, false],
  ["folder", false, false],
  ["link", true, false],
  ["dangling", false, false],
  ["none", false, undefined],
  ["full/x", false, undefined],
] as const)("%s: a file %p, an empty one %p", (name, file, empty) => {
  expect(isFile(at(name))).toBe(file);
  expect(isEmptyFile(at(name))).toBe(empty);
});

test("what cannot be looked at is an error", () => {
  expect(() => isEmptyFile(at("x".repeat(300)))).toThrow("ENAMETOOLONG");
});
