import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { namesOf, requireNetloom } from "./executable.ts";

test("only what calls itself netloom is put under the plugins' names", () => {
  const dir = mkdtempSync(join(tmpdir(), "netloom-executable-"));
  const program = (name: string, text: string, mode = 0o755): string => {
    writeFileSync(join(dir, name), text, { mode });
    return join(dir, name);
  };
  try {
    requireNetloom(program("mine", "#!/bin/sh\necho netloom 0.1.0\n"));
    for (const file of [
      program("other", "#!/bin/sh\necho other 0.1.0\n"),
      program("silent", "#!/bin/sh\n"),
      program("closed", "#!/bin/sh\necho netloom 0.1.0\n", 0o644),
    ])
      expect(() => requireNetloom(file)).toThrow(`${file} is no netloom`);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test("a misspelt plugin is told with the nearest", () => {
  expect(namesOf(["bridge", "bridge", "ipu"])).toEqual(["bridge", "ipu"]);
  expect(() => namesOf(["bridge", "host-lokal"])).toThrow(
    "netloom has no plugin host-lokal (did you mean host-local?)",
  );
  expect(() => namesOf(["quux"])).toThrow(/^netloom has no plugin quux$/);
});
