import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { commands } from "./commands/index.ts";
import { referencePage } from "./reference.ts";

test("docs/cli.md says what the commands are; else run: scripts/bun src/cli/write-reference.ts", () => {
  expect(readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8")).toBe(referencePage(commands));
});
