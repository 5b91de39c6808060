/** Every lab file in examples/ goes up, passes its test and comes down without a trace; every API example passes. */
import { beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { listing, netloom, requireSandbox } from "./sandbox.ts";

const root = join(import.meta.dir, "../..");
const scan = (glob: string): readonly string[] => [...new Bun.Glob(glob).scanSync({ cwd: root })].toSorted();
const labs = scan("examples/**/*.netloom.yaml");
const programs = scan("examples/api/**/*.test.ts");

const passed = { code: 0, stderr: "" };
const verdict = (said: { readonly code: number; readonly stdout: string; readonly stderr: string }): typeof passed =>
  said.code === 0 ? passed : { code: said.code, stderr: said.stdout + said.stderr };

beforeAll(requireSandbox);

test("the default example is there", () => {
  expect(labs).toContain("examples/overlay.netloom.yaml");
});

describe.each(labs)("%s", (file) => {
  test("is valid", () => expect(verdict(netloom("validate", "-f", file))).toEqual(passed));
  test("goes up", () => expect(verdict(netloom("up", "-f", file))).toEqual(passed));
  test("is up already", () => expect(verdict(netloom("plan", "-f", file, "--exit-code"))).toEqual(passed));
  test("passes its test", () => expect(verdict(netloom("test", "-f", file))).toEqual(passed));
  test("comes down", () => expect(verdict(netloom("down", "-f", file, "--yes"))).toEqual(passed));
  test("leaves nothing behind", () => expect(listing()).toEqual([]));
});

test.each(programs)("%s", (file) => {
  const run = Bun.spawnSync([process.execPath, "test", `./${file}`], { cwd: root, stdin: "ignore" });
  expect(verdict({ code: run.exitCode, stdout: run.stdout.toString(), stderr: run.stderr.toString() })).toEqual(passed);
});
