/** Plants a fault for each rule that tsconfig.json has beyond plain TypeScript; without the rule tsc would pass it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "..");

/** The rule, a text that breaks it, and what tsc says. */
const planted: readonly (readonly [rule: string, text: string, code: string])[] = [
  ["strict", "export const same = (given) => given;", "TS7006"],
  ["exactOptionalPropertyTypes", "export const absent: { a?: number } = { a: undefined };", "TS2375"],
  ["noUncheckedIndexedAccess", "export const first = (all: readonly number[]): number => all[0];", "TS2322"],
  ["noPropertyAccessFromIndexSignature", "export const at = (all: Record<string, string>) => all.key;", "TS4111"],
  [
    "noImplicitOverride",
    "export class Base { go(): void {} }\nexport class Derived extends Base { go(): void {} }",
    "TS4114",
  ],
  ["noImplicitReturns", "export function sign(n: number) { if (n < 0) return -1; }", "TS7030"],
  [
    "noFallthroughCasesInSwitch",
    "export function go(n: number): void { switch (n) { case 1: console.log(n); case 2: console.log(n); } }",
    "TS7029",
  ],
  ["erasableSyntaxOnly", "export enum Family { V4 = 4 }", "TS1294"],
  ["verbatimModuleSyntax", 'import { Shape } from "./fine.ts";\nexport const shape: Shape = {};', "TS1484"],
  ["noUncheckedSideEffectImports", 'import "./nowhere.ts";', "TS2882"],
  ["noUnusedLocals", "const unused = 1;\nexport {};", "TS6133"],
  ["noUnusedParameters", "export const one = (unused: number): number => 1;", "TS6133"],
  ["allowUnreachableCode", "export function go(): number { return 1; console.log(2); }", "TS7027"],
];

let said: readonly string[] = [];
const tree = mkdtempSync(join(tmpdir(), "netloom-types-"));
afterAll(() => rmSync(tree, { recursive: true }));

beforeAll(() => {
  mkdirSync(join(tree, "src"));
  for (const [rule, text] of planted) writeFileSync(join(tree, `src/${rule}.ts`), `${text}\n`);
  writeFileSync(join(tree, "src/fine.ts"), "export interface Shape {\n  readonly side?: number;\n}\n");
  copyFileSync(join(root, "tsconfig.json"), join(tree, "tsconfig.json"));
  symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
  const tsc = Bun.spawnSync([process.execPath, join(root, "node_modules/.bin/tsc"), "--pretty", "false"], {
    cwd: tree,
  });
  said = tsc.stdout.toString().split("\n");
});

const found = (file: string): readonly string[] =>
  said.flatMap((line) => (line.startsWith(`src/${file}.ts(`) ? [/error (TS\d+)/.exec(line)?.[1] ?? line] : []));

test.each(planted)("%s", (rule, _, code) => {
  expect(found(rule)).toEqual([code]);
});

test("what has no fault passes", () => {
  expect(found("fine")).toEqual([]);
});
