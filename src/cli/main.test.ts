import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { plugins } from "../plugins/index.ts";

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

test("a command of netns_test that prints makes no system call of its own", () => {
  const modules = [...loadedWith("cli/pods/netns-test.ts"), ...loadedWith("cli/pods/printing.ts")];
  const rooms = new Set(modules.map((path) => path.split("/")[0]));
  expect(rooms).toEqual(new Set(["cli", "xcluster", "values"]));
});

test("ipu loads its own files, and what reads and prints addresses", () => {
  const modules = loadedWith("cli/ipu-fast.ts");
  const others = modules.filter((path) => !/^(values|xcluster\/ipu)\//.test(path));
  expect(others.toSorted()).toEqual(["../package.json", "cli/ipu-fast.ts", "xcluster/printed.ts"]);
});

const roomsOf = (modules: readonly string[]): readonly string[] =>
  [...new Set(modules.map((path) => path.split("/")[0] ?? ""))].toSorted();

describe("a process that is a CNI plugin", () => {
  test("answers VERSION with the list of plugins, their versions and system calls alone", () => {
    const modules = loadedWith("cli/plugin-fast.ts");
    expect(modules.filter((path) => !path.startsWith("sys/")).toSorted()).toEqual([
      "bun:ffi",
      "cli/plugin-fast.ts",
      "cni/error.ts",
      "cni/program.ts",
      "cni/stdio.ts",
      "cni/version.ts",
      "plugins/index.ts",
    ]);
  });

  test("reads its call before the plugin and the kernel are loaded", () => {
    expect(roomsOf(loadedWith("cni/serve.ts"))).toEqual(["bun:ffi", "cni", "sys", "values"]);
  });

  const lean = ["bun:ffi", "change", "cni", "ipam", "plugins", "sys", "values"];
  for (const name of ["host-local", "static"])
    test(`${name} needs no kernel`, () => {
      expect(roomsOf(loadedWith(`plugins/${name}/main.ts`)).filter((room) => !lean.includes(room))).toEqual([]);
    });

  for (const name of Object.keys(plugins))
    test(`${name} loads neither schemas nor YAML, nothing of Node and nothing of labs`, () => {
      const modules = [...loadedWith(`plugins/${name}/main.ts`), ...loadedWith("kernel/index.ts")];
      expect(
        modules.filter((path) => /^(node:|zod|yaml|commander|(cli|lab|output|graph|probe)\/|cni\/runtime)/.test(path)),
      ).toEqual([]);
    });
});
