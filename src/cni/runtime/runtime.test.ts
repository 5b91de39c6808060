import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { c1, failure, list, scriptedRuntime } from "./_scripted-runtime.ts";
import type { Scripted } from "./_scripted.ts";
import { add } from "./add.ts";
import { listCached } from "./cache.ts";
import { check } from "./check.ts";
import { del } from "./del.ts";
import { type GcError, gc } from "./gc.ts";
import type { Runtime } from "./runtime.ts";
import { status } from "./status.ts";

let folder: string;
let plugins: Scripted;
let runtime: Runtime;
beforeEach(() => void ({ folder, plugins, runtime } = scriptedRuntime()));
afterEach(() => rmSync(folder, { recursive: true }));

test("an executable that is missing is an error of every operation", async () => {
  const now = list("1.1.0");
  await add(runtime, now, c1);
  rmSync(join(plugins.path, "three"));
  for (const operation of [
    () => del(runtime, "n1", now, c1),
    () => check(runtime, "n1", now, c1),
    () => status(runtime, now),
    () => add(runtime, now, { ...c1, containerId: "c2" }),
  ])
    expect((await failure(operation())).message).toContain("cannot find plugin three");
  const collected: unknown = await gc(runtime, now, []).catch((one: unknown) => one);
  expect((collected as GcError).message).toContain("cannot find plugin three");
  expect(listCached(runtime.cacheDir)).toHaveLength(1);
});

describe("what a failed plugin says", () => {
  test.each([
    [{ code: 1, stdout: "", stderr: "" }, "said nothing"],
    [{ code: 139, stdout: "", stderr: "" }, "signal 11"],
    [{ code: 2, stdout: "", stderr: "panic: oh" }, "(exit code 2)"],
    [{ code: 1, stdout: "not json", stderr: "" }, "without an error object"],
  ])("%p", async (answer, says) => {
    plugins.script = () => answer;
    const error = await failure(del(runtime, "n1", list(), c1));
    expect(error.code).toBe(107);
    expect(error.message).toContain(says);
  });
});
