import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPlugin } from "./find.ts";

const top = mkdtempSync(join(tmpdir(), "netloom-find-"));
afterAll(() => rmSync(top, { recursive: true }));
const [one, two, three] = ["one", "two", "three"].map((name) => join(top, name)) as [string, string, string];
for (const folder of [one, two, three]) mkdirSync(folder);

test("the first regular file in the order of the folders, whoever may execute it", () => {
  mkdirSync(join(one, "bridge"));
  writeFileSync(join(two, "bridge"), "", { mode: 0o644 });
  writeFileSync(join(three, "bridge"), "", { mode: 0o755 });
  expect(findPlugin("bridge", [join(top, "nowhere"), one, two, three])).toBe(join(two, "bridge"));
  expect(findPlugin("bridge", [three, two])).toBe(join(three, "bridge"));
});

test("a link counts as what it leads to", () => {
  symlinkSync(join(two, "bridge"), join(one, "ptp"));
  symlinkSync(join(top, "nowhere"), join(one, "tap"));
  writeFileSync(join(two, "tap"), "");
  expect(findPlugin("ptp", [one])).toBe(join(one, "ptp"));
  expect(findPlugin("tap", [one, two])).toBe(join(two, "tap"));
});

test("none is an error that names the folders", () => {
  expect(() => findPlugin("vlan", [one, two])).toThrow(
    expect.objectContaining({ code: 102, details: expect.stringContaining(`CNI_PATH (${one}, ${two})`) as string }),
  );
});
