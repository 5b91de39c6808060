import { afterAll, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CniError } from "./error.ts";
import { NotStarted, callPlugin, invoke, parseOutput } from "./invoke.ts";

const folder = mkdtempSync(join(tmpdir(), "netloom-invoke-"));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
/** A plugin that is a shell script. */
function script(body: string, mode = 0o755): string {
  const file = join(folder, `plugin${count++}`);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, mode);
  return file;
}

const logged: string[] = [];
const call = (executable: string, stdin = "{}"): string =>
  callPlugin({
    type: "x",
    executable,
    env: { PATH: process.env["PATH"], A: "1" },
    stdin,
    log: (line) => logged.push(line),
  });

function refusal(body: () => unknown): CniError {
  try {
    body();
  } catch (error) {
    expect(error).toBeInstanceOf(CniError);
    return error as CniError;
  }
  throw new Error("nothing was thrown");
}

test("it gets the variables that it is given and no others, and all of standard input", () => {
  const large = JSON.stringify({ x: "y".repeat(3_000_000) });
  expect(
    invoke(script('echo "A=$A HOME=$HOME"; wc -c; echo e >&2; exit 3'), { PATH: process.env["PATH"], A: "1" }, large),
  ).toEqual({
    stdout: `A=1 HOME=\n${large.length}\n`,
    stderr: "e\n",
    code: 3,
  });
});

test("much output on both, while input is not read", () => {
  const out = invoke(
    script("head -c 300000 /dev/zero | tr '\\0' a; head -c 300000 /dev/zero | tr '\\0' b >&2"),
    { PATH: process.env["PATH"] },
    "z".repeat(300_000),
  );
  expect([out.stdout.length, out.stderr.length, out.code]).toEqual([300_000, 300_000, 0]);
});

test("standard error of one that succeeds is passed on", () => {
  logged.length = 0;
  expect(call(script("cat; echo note >&2"), '{"a":1}')).toBe('{"a":1}');
  expect(logged).toEqual(["note"]);
});

test("its error object is its error", () => {
  const error = refusal(() =>
    call(script(`echo '{"cniVersion":"1.0.0","code":11,"msg":"later","details":"busy"}'; exit 1`)),
  );
  expect([error.code, error.message, error.details]).toEqual([11, "later", "busy"]);
  const plain = refusal(() => call(script(`echo '{"Code":999,"MSG":"m","details":""}'; exit 1`)));
  expect([plain.code, plain.message, plain.details]).toEqual([999, "m", undefined]);
});

for (const [what, body, message, details] of [
  ["says nothing", "exit 2", "plugin x failed (exit code 2) and said nothing", undefined],
  ["speaks on standard error only", "echo oops >&2; exit 2", "plugin x failed (exit code 2)", "oops"],
  ["prints no JSON", "echo nonsense; exit 1", "plugin x failed (exit code 1) without an error object", "nonsense"],
  ["prints another object", "echo '{}'; exit 1", "plugin x failed (exit code 1) without an error object", "{}"],
  ["is killed", "kill -9 $$", "plugin x failed (signal 9) and said nothing", undefined],
] as const)
  test(`one that ${what}`, () => {
    const error = refusal(() => call(script(body)));
    expect([error.code, error.message, error.details]).toEqual([107, message, details]);
  });

for (const [what, file, message] of [
  ["not executable", script("true", 0o644), "it is not executable"],
  ["not there", join(folder, "none"), "it, or the interpreter that it names, is not there"],
] as const)
  test(`one that is ${what}`, () => {
    const error = refusal(() => call(file));
    expect(error).toBeInstanceOf(NotStarted);
    expect([error.code, error.message]).toEqual([102, `cannot run ${file}: ${message}`]);
  });

test("one that is just being replaced is waited for", async () => {
  const file = script("echo '{}'");
  const writer = Bun.spawn(["sh", "-c", `exec 9>>${file}; echo open; sleep 0.3`], { stdout: "pipe" });
  await writer.stdout.getReader().read();
  expect(call(file)).toBe("{}\n");
});

test("results: null is empty, no document is an error", () => {
  expect(parseOutput("x", "null", "1.0.0")).toEqual({});
  expect(parseOutput("x", '{"ips":[{"address":"10.0.0.2/8"}]}', "0.4.0").ips).toHaveLength(1);
  expect(refusal(() => parseOutput("x", "", "1.0.0")).message).toBe(
    "cannot read the result of plugin x: it printed none",
  );
  expect(refusal(() => parseOutput("x", "{", "1.0.0")).message).toBe(
    "cannot read the result of plugin x: it is no JSON: {",
  );
  expect(refusal(() => parseOutput("x", '{"cniVersion":"2.0.0"}', "1.0.0"))).toMatchObject({
    code: 1,
    message: 'cannot read the result of plugin x: cannot read a CNI result of version "2.0.0"',
  });
});
