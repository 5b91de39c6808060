import { afterEach, beforeEach, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { CniError } from "../error.ts";
import { list, scriptedRuntime } from "./_scripted-runtime.ts";
import { type Scripted, failing } from "./_scripted.ts";
import type { Runtime } from "./runtime.ts";
import { reportPlugins } from "./validate.ts";

let folder: string;
let plugins: Scripted;
let runtime: Runtime;
beforeEach(() => void ({ folder, plugins, runtime } = scriptedRuntime()));
afterEach(() => rmSync(folder, { recursive: true }));

test("plugins are reported with their versions, or why they cannot be asked", async () => {
  rmSync(join(plugins.path, "three"));
  plugins.script = ({ type }) =>
    type === "one"
      ? { stdout: '{"cniVersion":"1.0.0","supportedVersions":["0.4.0","1.0.0"]}' }
      : failing("unknown CNI_COMMAND: VERSION", 999);
  expect(await reportPlugins(runtime, list())).toEqual([
    { type: "one", file: join(plugins.path, "one"), versions: ["0.4.0", "1.0.0"], fits: true },
    { type: "two", file: join(plugins.path, "two"), versions: ["0.1.0"], fits: false },
    { type: "three", versions: [], fits: false, problem: expect.any(CniError) as CniError },
  ]);
  expect(plugins.calls[0]).toMatchObject({
    conf: { cniVersion: "1.1.0" },
    variables: { CNI_NETNS: "dummy", CNI_PATH: "dummy" },
  });
});
