/** Plants each fault that `npm run lint` promises to catch, in a small tree with this checkout's own settings. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(import.meta.dir, "..");
const bun = process.execPath;

/** file → text; what is wrong with it is in its name. */
const planted: Readonly<Record<string, string>> = {
  "src/values/index.ts": `
    import type { Brand } from "./_brand.ts";
    export type Ip = Brand<string, "Ip">;
  `,
  "src/values/_brand.ts": `
    declare const brand: unique symbol;
    export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
  `,
  "src/wire/index.ts": `export const width = 4;`,
  "src/wire/inner.ts": `export const inner = 4;`,
  "src/wire/any.ts": `export const loose: any = 1;`,
  "src/sys/ffi.ts": `import { dlopen } from "bun:ffi"; export const open = dlopen;`,
  "src/rtnl/fine.ts": `
    /** Not an import: import { x } from "../cli/x.ts" */
    import type { Ip } from "../values/index.ts";
    import { width } from "../wire/index.ts";
    export const text = (ip: Ip): string => ip.padEnd(width);
  `,
  "src/wire/upward.ts": `import { text } from "../rtnl/fine.ts"; export const up = text;`,
  "src/wire/upward-type.ts": `import type { text } from "../rtnl/index.ts"; export type Up = typeof text;`,
  "src/wire/upward-lazy.ts": `export const up = (): Promise<unknown> => import("../rtnl/index.ts");`,
  "src/wire/upward-required.ts": `export const up = (): object => require("../rtnl/index.ts") as object;`,
  "src/rtnl/required.ts": `
    import type * as Fine from "./fine.ts";
    export const late = (): typeof Fine => require("./fine.ts") as typeof Fine;
  `,
  "src/rtnl/required-other.ts": `
    import type * as Fine from "./fine.ts";
    export const late = (): typeof Fine => require("./bare.ts") as typeof Fine;
  `,
  "src/wire/sideways.ts": `export { open } from "../sys/index.ts";`,
  "src/rtnl/past-the-door.ts": `import { inner } from "../wire/inner.ts"; export const past = inner;`,
  "src/rtnl/private.ts": `import type { Brand } from "../values/_brand.ts"; export type Own = Brand<string, "Own">;`,
  "src/rtnl/ffi.ts": `import { dlopen } from "bun:ffi"; export const open = dlopen;`,
  "src/rtnl/brand.ts": `import type { Ip } from "../values/index.ts"; export const made = "::1" as Ip;`,
  "src/rtnl/bare.ts": `import { width } from "./fine"; export const bare = width;`,
  "src/rtnl/any.ts": `export const loose: any = 1;`,
  "src/rtnl/console.ts": `console.log("a room that prints");`,
  "src/cli/console.ts": `console.log("cli may print");`,
  "src/rtnl/default.ts": `export default 1;`,
  "src/rtnl/cycle-a.ts": `import { b } from "./cycle-b.ts"; export const a = (): number => b();`,
  "src/rtnl/cycle-b.ts": `import { a } from "./cycle-a.ts"; export const b = (): number => a();`,
  "src/rtnl/floating.ts": `const later = async (): Promise<void> => {}; export function go(): void { later(); }`,
  "src/rtnl/case.ts": `
    export function width(family: "ipv4" | "ipv6"): number | undefined {
      switch (family) {
        case "ipv4":
          return 4;
      }
    }
  `,
  "src/rtnl/empty-catch.ts": `export function quiet(work: () => void): void { try { work(); } catch {} }`,
  "src/attic/index.ts": `export const room = "unknown";`,
};

const oxlintFaults: Readonly<Record<string, string>> = {
  "src/rtnl/any.ts": "typescript(no-explicit-any)",
  "src/rtnl/console.ts": "eslint(no-console)",
  "src/rtnl/default.ts": "import(no-default-export)",
  "src/rtnl/cycle-a.ts": "import(no-cycle)",
  "src/rtnl/cycle-b.ts": "import(no-cycle)",
  "src/rtnl/floating.ts": "typescript(no-floating-promises)",
  "src/rtnl/case.ts": "typescript(switch-exhaustiveness-check)",
  "src/rtnl/empty-catch.ts": "eslint(no-empty)",
};

const roomFaults: Readonly<Record<string, string>> = {
  "src/wire/upward.ts": "wire (1) may not import rtnl (3): imports go down only",
  "src/wire/upward-type.ts": "wire (1) may not import rtnl (3): imports go down only",
  "src/wire/upward-lazy.ts": "wire (1) may not import rtnl (3): imports go down only",
  "src/wire/upward-required.ts": "wire (1) may not import rtnl (3): imports go down only",
  "src/rtnl/required-other.ts": 'Fine is not the type of "./bare.ts", which is required here',
  "src/wire/sideways.ts": "wire (1) may not import sys (1): imports go down only",
  "src/rtnl/past-the-door.ts": "wire/inner.ts is inside wire; import wire/index.ts",
  "src/rtnl/private.ts": "values/_brand.ts is private to values",
  "src/rtnl/ffi.ts": "bun:ffi belongs to sys",
  "src/rtnl/brand.ts": '"as Ip" makes a brand outside values; call its parser',
  "src/rtnl/bare.ts": `"./fine" must end in its file's extension`,
  "src/attic/index.ts": "no room of scripts/rooms.ts; add it there with its rank",
};

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

const oxlint = [bun, join(root, "node_modules/.bin/oxlint")];
const hasOxlint = Bun.spawnSync([...oxlint, "--version"], { stderr: "ignore" }).success;

let tree = "";
let diagnostics: readonly Diagnostic[] = [];

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "netloom-lint-"));
  for (const [file, text] of Object.entries(planted)) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  }
  for (const file of [".oxlintrc.json", "tsconfig.json", "package.json"])
    copyFileSync(join(root, file), join(tree, file));
  symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
  if (!hasOxlint) return;
  const lint = Bun.spawnSync([...oxlint, "--type-aware", "--deny-warnings", "--format=json", "src"], { cwd: tree });
  diagnostics = (JSON.parse(lint.stdout.toString()) as { readonly diagnostics: readonly Diagnostic[] }).diagnostics;
});

afterAll(() => rmSync(tree, { recursive: true }));

// npm leaves out oxlint's platform package where Node is older than 20.19; Bun and the tests are there all the same.
describe.skipIf(!hasOxlint)("oxlint (npm installs it with Node 20.19 or newer)", () => {
  test.each(Object.entries(oxlintFaults))("finds the fault of %s", (file, code) => {
    expect(diagnostics.filter(({ filename }) => filename === file).map((found) => found.code)).toContain(code);
  });

  test("lets wire say any, cli print, and the faultless file be", () => {
    const quiet = ["src/wire/any.ts", "src/cli/console.ts", "src/rtnl/fine.ts"];
    expect(diagnostics.filter(({ filename }) => quiet.includes(filename))).toEqual([]);
  });
});

describe("check-rooms", () => {
  const check = (folder: string): { readonly code: number; readonly text: string } => {
    const run = Bun.spawnSync([bun, join(root, "scripts/check-rooms.ts"), folder]);
    return { code: run.exitCode, text: run.stderr.toString() };
  };

  test("finds each planted fault, and nothing else", () => {
    const { code, text } = check(join(tree, "src"));
    expect(code).toBe(1);
    const found = [...text.matchAll(/^(src\/[^:]+):\d+: (.*)$/gm)].map(([, file, fault]) => [file, fault]);
    expect(Object.fromEntries(found)).toEqual(roomFaults);
  });

  test("passes this checkout", () => {
    expect(check(join(root, "src"))).toEqual({ code: 0, text: "" });
  });
});

test("docs/architecture.md shows the rooms of scripts/rooms.ts", () => {
  const run = Bun.spawnSync([bun, join(root, "scripts/write-architecture.ts"), "--check"]);
  expect(run.stderr.toString()).toBe("");
  expect(run.exitCode).toBe(0);
});

test("package-lock.json has Bun for both processors, names no registry and needs no install script", async () => {
  const text = await Bun.file(join(root, "package-lock.json")).text();
  const { packages } = JSON.parse(text) as { readonly packages: Readonly<Record<string, object>> };
  expect(Object.keys(packages)).toEqual(
    expect.arrayContaining(["node_modules/@oven/bun-linux-x64", "node_modules/@oven/bun-linux-aarch64"]),
  );
  expect(text).not.toContain('"resolved"');
  // npm 12 runs no install script that a project does not allow, and npm 9 has no way to allow one.
  expect(text).not.toContain('"hasInstallScript"');
});
