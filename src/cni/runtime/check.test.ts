import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { c1, failure, list, scriptedRuntime } from "./_scripted-runtime.ts";
import { type Scripted, failing } from "./_scripted.ts";
import { add } from "./add.ts";
import { check } from "./check.ts";
import { del } from "./del.ts";
import type { Runtime } from "./runtime.ts";

let folder: string;
let plugins: Scripted;
let runtime: Runtime;
beforeEach(() => void ({ folder, plugins, runtime } = scriptedRuntime()));
afterEach(() => rmSync(folder, { recursive: true }));

describe("CHECK", () => {
  test("goes forwards, with ADD's result and parameters; the first failure ends it", async () => {
    const result = await add(runtime, list(), { ...c1, capabilityArgs: { portMappings: [1] } });
    plugins.take();
    await check(runtime, "n1", list(), c1);
    expect(plugins.calls.map(({ conf }) => conf["prevResult"])).toEqual([result, result, result]);
    expect(plugins.calls[1]?.conf["runtimeConfig"]).toEqual({ portMappings: [1] });
    expect(plugins.take()).toEqual(["CHECK one", "CHECK two", "CHECK three"]);
    plugins.script = ({ type }) => (type === "two" ? failing("gone", 105) : undefined);
    const error = await failure(check(runtime, "n1", list(), c1));
    expect([error.code, error.message]).toEqual([105, 'plugin type="two" name="second" failed (check): gone']);
    expect(plugins.take()).toEqual(["CHECK one", "CHECK two"]);
  });

  test("is refused before ADD and after DEL", async () => {
    expect((await failure(check(runtime, "n1", list(), c1))).code).toBe(3);
    await add(runtime, list(), c1);
    await del(runtime, "n1", list(), c1);
    plugins.take();
    expect((await failure(check(runtime, "n1", list(), c1))).code).toBe(3);
    expect(plugins.take()).toEqual([]);
  });

  test("by a list of a version that nobody knows says so", async () => {
    await add(runtime, list(), c1);
    expect(await failure(check(runtime, "n1", list("9.9.9"), c1, "given"))).toMatchObject({
      code: 1,
      message: 'network n1 is of CNI version "9.9.9"',
    });
  });

  test("is refused before 0.4.0, also when disabled; disabled is success without a question", async () => {
    const error = await failure(check(runtime, "n1", list("0.3.1", { disableCheck: true }), c1));
    expect(error.message).toBe('configuration version "0.3.1" does not support the CHECK command');
    await check(runtime, "n1", list("1.0.0", { disableCheck: true }), c1);
    expect(plugins.take()).toEqual([]);
  });
});
