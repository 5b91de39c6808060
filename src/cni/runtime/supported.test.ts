import { expect, test } from "bun:test";
import { CniError } from "../error.ts";
import { failing } from "./_scripted.ts";
import type { PluginAnswer } from "./call.ts";
import { supportedVersions } from "./supported.ts";

const ask = (answer: Partial<PluginAnswer>): Promise<readonly string[]> =>
  supportedVersions("/x/old", () => Promise.resolve({ code: 0, stdout: "", stderr: "", ...answer }));

test("what plugins of each age answer to VERSION", async () => {
  expect(await ask({ stdout: '{"cniVersion":"1.1.0","supportedVersions":["0.4.0","1.1.0"]}' })).toEqual([
    "0.4.0",
    "1.1.0",
  ]);
  expect(await ask({ stdout: '{"cniVersion":"0.2.0"}' })).toEqual(["0.1.0", "0.2.0"]);
  expect(await ask(failing("unknown CNI_COMMAND: VERSION", 100))).toEqual(["0.1.0"]);
});

test.each([
  [failing("no luck", 100), 100, "no luck"],
  [{ stdout: "1.0.0" }, 6, "/x/old: its answer to VERSION is no JSON"],
  [{ stdout: '{"cniVersion":"1.0.0"}' }, 6, "/x/old: its answer to VERSION lists no versions"],
  [{ stdout: '{"cniVersion":"1.0.0","supportedVersions":[1]}' }, 6, "/x/old: its answer to VERSION lists no versions"],
])("%j is no answer", async (answer, code, message) => {
  const error: unknown = await ask(answer).catch((one: unknown) => one);
  expect(error).toBeInstanceOf(CniError);
  expect(error).toMatchObject({ code, message });
});
