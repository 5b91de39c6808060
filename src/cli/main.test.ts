import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const source = join(import.meta.dir, "..");

/** Every module that is loaded with a file, by path from `src`; what it imports lazily does not count. */
function loadedWith(file: string, seen = new Set<string>()): readonly string[] {
  const path = file.startsWith(".") ? relative(source, join(source, file)) : file;
  if (seen.has(path)) return [];
  seen.add(path);
  if (path.endsWith(".ts")) {
    const imports = new Bun.Transpiler({ loader: "ts" }).scanImports(readFileSync(join(source, path), "utf8"));
    for (const one of imports.filter(({ kind }) => kind === "import-statement")) {
      loadedWith(one.path.startsWith(".") ? relative(source, join(source, dirname(path), one.path)) : one.path, seen);
    }
  }
  return [...seen];
}

test("version loads nothing but itself", () => {
  expect(loadedWith("cli/main.ts")).toEqual(["cli/main.ts", "../package.json"]);
});

test("exec loads what it needs to enter a namespace", () => {
  const modules = loadedWith("cli/exec-fast.ts");
  expect(modules.filter((path) => path.startsWith("cli/")).toSorted()).toEqual([
    "cli/exec-fast.ts",
    "cli/target.ts",
    "cli/usage.ts",
  ]);
  expect(modules.filter((path) => path.startsWith("lab/"))).toEqual(["lab/places.ts"]);
  const rooms = new Set(modules.map((path) => path.split("/")[0]));
  expect(rooms).toEqual(new Set(["cli", "lab", "netns", "sys", "bun:ffi", "node:path"]));
});
