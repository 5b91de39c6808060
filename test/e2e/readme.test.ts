/** Runs README.md: each `sh` block under a `<!-- run -->` line, in order, in one sandbox and one shell session's state. */
import { describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listing, netloom } from "./sandbox.ts";

const root = join(import.meta.dir, "../..");
const text = readFileSync(join(root, "README.md"), "utf8");
const programs = [...text.matchAll(/^<!-- test -->\n```ts\n([^]*?)^```$/gm)].map(([, program = ""]) => program);
const blocks = [...text.matchAll(/^<!-- run -->\n```sh\n([^]*?)^```$/gm)].map(([, block = ""]) => block);

describe("README", () => {
  test("has the main job, a tour and a network test to run", () => {
    expect(blocks.length).toBeGreaterThanOrEqual(2);
    expect(programs.length).toBe(1);
  });

  test("gives the quick start as two commands, each of one line", () => {
    const section = /^## Quick start\n([^]*?)^## /m.exec(text)?.[1] ?? "";
    const lines = [...section.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block = ""]) => block.trim().split("\n"));
    expect(lines).toEqual(["npm start", "npm test"]);
  });

  test("shows the picture that netloom draws now", () => {
    const drawn = netloom("graph", "--file", "examples/overlay.netloom.yaml", "--output", "svg").stdout;
    expect(readFileSync(join(root, "docs/img/overlay.svg"), "utf8") === drawn || "differs; run: npm run docs").toBe(
      true,
    );
  });

  test.each(blocks.map((block) => [block.trim().split("\n")[0] ?? "", block]))("%s …", (_title, block) => {
    const run = Bun.spawnSync(["bash", "-euo", "pipefail", "-c", block], { cwd: root, stdin: "ignore" });
    const said = run.exitCode === 0 ? "" : run.stdout.toString() + run.stderr.toString();
    expect({ code: run.exitCode, said }).toEqual({ code: 0, said: "" });
  });

  test.each(programs)("has a network test that passes: %#", (program) => {
    const folder = mkdtempSync(join(tmpdir(), "netloom-readme-"));
    try {
      mkdirSync(join(folder, "node_modules"));
      symlinkSync(root, join(folder, "node_modules/netloom"));
      writeFileSync(join(folder, "readme.test.ts"), program);
      const run = Bun.spawnSync([process.execPath, "test", "--timeout=60000", "./readme.test.ts"], {
        cwd: folder,
        stdin: "ignore",
      });
      expect({ code: run.exitCode, said: run.exitCode === 0 ? "" : run.stderr.toString() }).toEqual({
        code: 0,
        said: "",
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("leaves nothing behind", () => {
    expect(listing()).toEqual([]);
  });
});
