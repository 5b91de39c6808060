/** Runs README.md: each `sh` block under a `<!-- run -->` line, in order, in one sandbox and one shell session's state. */
import { beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listing, netloom, requireSandbox } from "./sandbox.ts";

const root = join(import.meta.dir, "../..");
const text = readFileSync(join(root, "README.md"), "utf8");
const blocks = [...text.matchAll(/^<!-- run -->\n```sh\n([^]*?)^```$/gm)].map(([, block = ""]) => block);

beforeAll(requireSandbox);

describe("README", () => {
  test("has the main job and a tour to run", () => {
    expect(blocks.length).toBeGreaterThanOrEqual(2);
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

  test("leaves nothing behind", () => {
    expect(listing()).toEqual([]);
  });
});
