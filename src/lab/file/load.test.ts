import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { loadLabFile } from "./load.ts";

const base = mkdtempSync(join(tmpdir(), "netloom-load-"));
afterAll(() => rmSync(base, { recursive: true }));

function directory(name: string, files: readonly string[]): string {
  const path = join(base, name);
  mkdirSync(path);
  for (const file of files) writeFileSync(join(path, file), "name: x\n");
  return path;
}

test("a directory stands for the one lab file in it", () => {
  const path = directory("one", ["a.netloom.yaml", "other.yaml"]);
  expect(loadLabFile([path]).files).toEqual([join(path, "a.netloom.yaml")]);
});

test("several lab files, or none, are not guessed about", () => {
  const two = directory("two", ["a.netloom.yaml", "b.netloom.yaml"]);
  expect(() => loadLabFile([two])).toThrow(
    `several lab files in ${two}: a.netloom.yaml, b.netloom.yaml (name one with -f FILE)`,
  );
  const none = directory("none", []);
  expect(() => loadLabFile([none])).toThrow(
    `no *.netloom.yaml in ${none} (name one with -f FILE, or make one with: netloom init)`,
  );
});

test("a file that is not there", () => {
  expect(() => loadLabFile([join(base, "gone.yaml")])).toThrow(
    `cannot read ${join(base, "gone.yaml")}: there is no such file`,
  );
});

test("files are laid over each other in order", () => {
  const path = directory("over", ["a.netloom.yaml"]);
  writeFileSync(join(path, "b.yaml"), "nodes: 7\n");
  expect(loadLabFile([join(path, "a.netloom.yaml"), join(path, "b.yaml")]).spec).toMatchObject({ name: "x", nodes: 7 });
});
