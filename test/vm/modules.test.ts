import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readModules } from "./modules.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "netloom-modules-"));
  mkdirSync(join(folder, "kernel"));
  for (const name of ["a-one", "b", "c"]) writeFileSync(join(folder, `kernel/${name}.ko`), name);
  writeFileSync(
    join(folder, "modules.dep"),
    "kernel/a-one.ko: kernel/b.ko kernel/c.ko\nkernel/b.ko: kernel/c.ko\nkernel/c.ko:\n",
  );
  writeFileSync(join(folder, "modules.builtin"), "kernel/drivers/built-in.ko\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

const names = (...wanted: readonly string[]) => readModules(folder, wanted).map(({ name }) => name);

test("what a module needs comes before it, and once", () => {
  expect(names("a_one", "b")).toEqual(["c.ko", "b.ko", "a-one.ko"]);
});

test("a built-in one is not loaded", () => {
  expect(names("built_in", "c")).toEqual(["c.ko"]);
});

test("one that is not there is told", () => {
  expect(() => names("d")).toThrow("has no module d");
});
