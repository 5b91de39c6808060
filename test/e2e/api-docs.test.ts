/** Every program in docs/api.md runs, prints something and leaves nothing behind; each subpath of the package has one. */
import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listing } from "./sandbox.ts";

const root = join(import.meta.dir, "../..");
const text = readFileSync(join(root, "docs/api.md"), "utf8");
const programs = [...text.matchAll(/^#+ (.*)\n[^]*?(?=^#+ |(?![^]))/gm)].flatMap(([section, title = ""]) =>
  [...section.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, program = ""]) => [title, program] as const),
);

test("each subpath has an example", () => {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    exports: Record<string, string>;
  };
  const missing = Object.keys(exports)
    .map((path) => path.replace(/^\./, "netloom"))
    .filter((path) => !programs.some(([, program]) => program.includes(`from "${path}"`)));
  expect(missing).toEqual([]);
});

test.each(programs)("%s", (_, program) => {
  const folder = mkdtempSync(join(tmpdir(), "netloom-api-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules/netloom"));
    writeFileSync(join(folder, "example.ts"), program);
    const run = Bun.spawnSync([process.execPath, join(folder, "example.ts")], {
      cwd: root,
      stdin: "ignore",
      stderr: "pipe",
    });
    expect({ code: run.exitCode, stderr: run.stderr.toString() }).toEqual({ code: 0, stderr: "" });
    for (const [, shown = ""] of program.matchAll(/^console\.log.* \/\/ (.*)$/gm))
      expect(run.stdout.toString()).toContain(shown);
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(listing()).toEqual([]);
});
