import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";

import { loadLabFile } from "./load.ts";
import { labJsonSchema, labJsonSchemaText } from "./schema.ts";

const root = new URL("../../../", import.meta.url).pathname;
const examples = readdirSync(`${root}examples`).filter((name) => name.endsWith(".netloom.yaml"));

test("schemas/lab.schema.json is up to date (if not: bun scripts/write-schema.ts)", () => {
  expect(readFileSync(`${root}schemas/lab.schema.json`, "utf8")).toBe(labJsonSchemaText());
});

test("every key of the file has a description and an example", () => {
  const bare: string[] = [];
  const visit = (schema: unknown, path: string): void => {
    if (typeof schema !== "object" || schema === null) return;
    for (const [key, value] of Object.entries(schema)) {
      if (key !== "properties") visit(value, path);
      else for (const [name, property] of Object.entries(value ?? {})) visitProperty(property, `${path}.${name}`);
    }
  };
  const visitProperty = (property: unknown, path: string): void => {
    if (typeof property !== "object" || property === null) return;
    if (!("description" in property && "examples" in property)) bare.push(path);
    visit(property, path);
  };
  visit(labJsonSchema(), "");
  expect(bare).toEqual([]);
});

test("docs/lab-file.md speaks of every key", () => {
  const page = readFileSync(`${root}docs/lab-file.md`, "utf8");
  const keys = new Set<string>();
  JSON.stringify(labJsonSchema(), (key, value: unknown) => {
    if (key === "properties" && typeof value === "object") for (const name of Object.keys(value ?? {})) keys.add(name);
    return value;
  });
  expect([...keys].filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
});

test.each(examples)("%s loads, is explained and names its schema", (name) => {
  const text = readFileSync(`${root}examples/${name}`, "utf8");
  expect(text).toStartWith("# yaml-language-server: $schema=../schemas/lab.schema.json\n# ");
  expect(`${loadLabFile([`${root}examples/${name}`]).spec.name}.netloom.yaml`).toBe(name);
});
