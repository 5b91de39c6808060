/** One executable, many names: by which name it is called says what it is. */
import { afterAll, describe, expect, test } from "bun:test";
import { linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { executable, root } from "../plugin-folders.ts";
import { call, folder, linkTo } from "./program.ts";

const release = (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly version: string }).version;
const all = '["0.1.0","0.2.0","0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]';
const version = { CNI_COMMAND: "VERSION" };
const loopback = linkTo("loopback");

// A hard link has to be on the executable's own file system.
const beside = mkdtempSync(join(dirname(executable), "names-"));
afterAll(() => rmSync(beside, { recursive: true }));

describe("VERSION", () => {
  const answer = { code: 0, stdout: `{"cniVersion":"1.0.0","supportedVersions":${all}}\n`, stderr: "" };
  const ask = (...command: readonly string[]): unknown => call(command, version, '{"cniVersion":"1.0.0"}');

  test("by a link", () => expect(ask(loopback)).toEqual(answer));

  test("by a link to a link", () => {
    symlinkSync("loopback", `${folder}/second`);
    symlinkSync(`${folder}/second`, `${folder}/bridge`);
    expect(ask(`${folder}/bridge`)).toEqual(answer);
  });

  test("by a hard link", () => {
    linkSync(executable, join(beside, "loopback"));
    expect(ask(join(beside, "loopback"))).toEqual(answer);
  });

  test("found in PATH", () => {
    expect(call(["sh", "-c", `PATH=${folder}:$PATH; loopback`], version, '{"cniVersion":"1.0.0"}')).toEqual(answer);
  });

  test("spelt out, from the executable and from the sources", () => {
    expect(ask(executable, "cni", "plugin", "loopback")).toEqual(answer);
    expect(ask(join(root, "bin/netloom"), "cni", "plugin", "loopback")).toEqual(answer);
  });
});

describe("what VERSION echoes", () => {
  for (const [stdin, said] of [
    ['{"cniVersion":"0.3.1"}', "0.3.1"],
    ['{"cniVersion":"7.7.7","name":"x"}', "7.7.7"],
    ["", "1.1.0"],
    ["garbage", "1.1.0"],
    ['{"cniVersion":5}', "1.1.0"],
    ["null", "1.1.0"],
  ] as const)
    test(JSON.stringify(stdin), () =>
      expect(call([loopback], version, stdin).stdout).toBe(`{"cniVersion":"${said}","supportedVersions":${all}}\n`),
    );

  test("libcni's way of asking: every variable set, some to dummies", () => {
    const dummies = { CNI_NETNS: "dummy", CNI_IFNAME: "dummy", CNI_PATH: "dummy", CNI_CONTAINERID: "", CNI_ARGS: "" };
    expect(call([loopback], { ...version, ...dummies }, '{"cniVersion":"1.0.0"}').code).toBe(0);
  });

  test("an input that nobody closes keeps nobody waiting", () => {
    const shell = `sleep 30 | { ${loopback}; kill -9 0; }`;
    const run = Bun.spawnSync(["setsid", "sh", "-c", shell], {
      env: { PATH: process.env["PATH"], ...version },
      timeout: 20_000,
    });
    expect(run.stdout.toString()).toBe(`{"cniVersion":"1.1.0","supportedVersions":${all}}\n`);
  });
});

test("without a command it says what it is, on standard error, and succeeds", () => {
  for (const env of [{}, { CNI_COMMAND: "" }] as Record<string, string>[])
    expect(call([loopback], env, "")).toEqual({
      code: 0,
      stdout: "",
      stderr: `CNI loopback plugin of netloom ${release}\nCNI protocol versions supported: 0.1.0, 0.2.0, 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0\n`,
    });
});

test("by another name it is netloom", () => {
  const other = linkTo("netloom-of-mine");
  expect(call([other, "version"], { CNI_COMMAND: "ADD" }, "")).toEqual({
    code: 0,
    stdout: `netloom ${release}\n`,
    stderr: "",
  });
  expect(call([executable, "version"], { CNI_COMMAND: "ADD" }, "").stdout).toBe(`netloom ${release}\n`);
});
