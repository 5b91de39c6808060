import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { failure, list, scriptedRuntime } from "./_scripted-runtime.ts";
import { type Scripted, failing } from "./_scripted.ts";
import type { Runtime } from "./runtime.ts";
import { status } from "./status.ts";

let folder: string;
let plugins: Scripted;
let runtime: Runtime;
beforeEach(() => void ({ folder, plugins, runtime } = scriptedRuntime()));
afterEach(() => rmSync(folder, { recursive: true }));

describe("STATUS", () => {
  test("asks each plugin from 1.1.0 on; the first that is not ready ends it with its code", async () => {
    await status(runtime, list("1.0.0"));
    expect(plugins.take()).toEqual([]);
    await status(runtime, list("1.1.0"));
    expect(plugins.take()).toEqual(["STATUS one", "STATUS two", "STATUS three"]);
    plugins.script = ({ type }) => (type === "two" ? failing("full", 50) : undefined);
    expect(await failure(status(runtime, list("1.1.0")))).toMatchObject({ code: 50, details: "why" });
    expect(plugins.take()).toEqual(["STATUS one", "STATUS two"]);
  });
});
