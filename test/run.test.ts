/** The runner on a planted tree: what it counts, says last and exits with. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseReport } from "./run-junit.ts";

const planted: Readonly<Record<string, string>> = {
  "src/good.test.ts": `import { test } from "bun:test"; test("one", () => {}); test("two", () => {});`,
  "src/skips.test.ts": `import { describe, test } from "bun:test";
    describe("vrf", () => { test.skip("carries (needs CONFIG_NET_VRF)", () => {}); test("is named", () => {}); });`,
  "test/golden/bad.test.ts": `import { expect, test } from "bun:test"; test("is 2", () => expect(1).toBe(2));`,
  "test/contract/missing.test.ts": `import "./nowhere.ts"; import { test } from "bun:test"; test("never", () => {});`,
  "test/contract/dies.test.ts": `import { test } from "bun:test"; test("dies", () => process.kill(process.pid, "SIGKILL"));`,
  "test/kernel/lacks.test.ts": `import { expect, test } from "bun:test"; const option = "CONFIG_IPVLAN";
    test("is \${option}", () => {}); test(\`is 3 (needs \${option})\`, () => expect(process.env["TEST_PATIENCE"]).toBe("3"));`,
  "test/kernel/shy.test.ts": `import { existsSync, writeFileSync } from "node:fs"; import { expect, test } from "bun:test";
    test("fails once", () => { const was = existsSync("been"); writeFileSync("been", ""); expect(was).toBe(true); });`,
  "test/kernel/never.test.ts": `import { expect, test } from "bun:test"; test("fails always", () => expect(1).toBe(2));`,
  "test/kernel/link.test.ts": `import { test } from "bun:test"; test("any", () => {});`,
};

let tree = "";

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "netloom-run-"));
  for (const [file, text] of Object.entries(planted)) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  }
  for (const file of ["run.ts", "run-junit.ts", "run-lanes.ts", "run-sandbox.ts"])
    copyFileSync(join(import.meta.dir, file), join(tree, "test", file));
});

afterAll(() => rmSync(tree, { recursive: true }));

function run(...args: readonly string[]): { readonly code: number; readonly last: string; readonly text: string } {
  const env = { ...process.env, TEST_PATIENCE: "3" };
  const child = Bun.spawnSync([process.execPath, join(tree, "test/run.ts"), ...args], { stdin: "ignore", env });
  const text = child.stdout.toString();
  return { code: child.exitCode, last: text.trimEnd().split("\n").at(-1) ?? "", text };
}

describe("the last line and exit code", () => {
  test("count what passed", () => {
    expect(run("good")).toMatchObject({ code: 0, last: "2 passed, 0 failed" });
  });

  test("count skipped tests, and list them by name", () => {
    const { code, last, text } = run("skips", "good");
    expect({ code, last }).toEqual({ code: 0, last: "3 passed, 0 failed, 1 skipped" });
    expect(text).toContain("src/skips.test.ts: vrf > carries (needs CONFIG_NET_VRF)");
  });

  test("say what failed", () => {
    const { code, last, text } = run("bad", "good");
    expect({ code, last }).toEqual({ code: 1, last: "2 passed, 1 failed" });
    expect(text).toContain("test/golden/bad.test.ts: is 2");
  });

  test("count a file that cannot be loaded as failed", () => {
    expect(run("missing")).toMatchObject({ code: 1, last: "0 passed, 1 failed" });
  });

  test("count a process that died as failed, and name the signal", () => {
    const { code, last, text } = run("dies");
    expect({ code, last }).toEqual({ code: 1, last: "0 passed, 1 failed" });
    expect(text).toContain("SIGKILL");
  });

  test("are a failure when no test ran", () => {
    expect(run("no such file")).toMatchObject({ code: 1, last: "0 passed, 0 failed" });
  });

  test("count a kernel file left out by --skip-kernel as skipped", () => {
    expect(run("--skip-kernel", "link", "good")).toMatchObject({ code: 0, last: "2 passed, 0 failed, 1 skipped" });
  });
});

test("with --again what failed runs once more, and is named if it then passes", () => {
  const { code, last, text } = run("--again", "shy", "link");
  expect({ code, last }).toEqual({ code: 0, last: "2 passed, 0 failed" });
  expect(text).toContain("Unsteady:\n  test/kernel/shy.test.ts: fails once\n");
  expect(run("--again", "never")).toMatchObject({ code: 1, last: "0 passed, 1 failed" });
});

test("with --full-kernel there are only tests that a kernel's option is needed for", () => {
  const { code, last, text } = run("--full-kernel");
  expect({ code, last }).toEqual({ code: 0, last: "1 passed, 0 failed" });
  expect(text).toContain("Passed:\n  test/kernel/lacks.test.ts: is 3 (needs CONFIG_IPVLAN)\n");
});

test("a report's names are unescaped and have their blocks outermost first", () => {
  const xml = `<testcase name="a &lt;b&gt; &quot;c&quot;&#10;" classname="inner &gt; outer" file="x.test.ts" />
    <testcase name="d" classname="" file="y.test.ts"><skipped /></testcase>
    <testcase name="e/" classname="" file="y.test.ts"><failure message="no">text</failure></testcase>`;
  expect(parseReport(xml)).toEqual([
    { file: "x.test.ts", name: 'outer > inner > a <b> "c"\n', result: "passed" },
    { file: "y.test.ts", name: "d", result: "skipped" },
    { file: "y.test.ts", name: "e/", result: "failed" },
  ]);
});

test("a bare `bun test` does not load what needs a sandbox", () => {
  const { TEST_SANDBOX: _, ...env } = process.env;
  const file = "test/kernel/tun.test.ts";
  const bare = Bun.spawnSync([process.execPath, "test", `./${file}`], { cwd: join(import.meta.dir, ".."), env });
  expect(bare.exitCode).toBe(1);
  expect(bare.stderr.toString()).toContain(`${file} needs a sandbox; run it by: npm test -- ${file}`);
  expect(bare.stderr.toString()).toContain("0 pass");
});
