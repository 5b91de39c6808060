/** docs/cni.md names what there is: every plugin, every key that its schema reads, every code, and the example as it is. */
import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { codes } from "../src/cni/index.ts";
import { plugins } from "../src/plugins/index.ts";

const root = join(import.meta.dir, "..");
const page = readFileSync(join(root, "docs/cni.md"), "utf8");
const sectionOf = (name: string): string => page.split(/^### /m).find((part) => part.startsWith(`${name}\n`)) ?? "";
const shared = page.slice(page.indexOf("## Plugins\n"), page.indexOf("### bridge\n"));

/** A call of the schema that reads one key, by its name. */
const READS =
  /\b(?:bool|string|int|ip|mac|list|object|read|need|raw|on|optional|port|textAt|wordAt|busAddressAt|oneOf|conditionsOf)(?:<[^(]*>)?\((?:\w+, )?"([A-Za-z]+)"/g;
/** Containers of keys that plugins do not own. */
const FOREIGN = new Set(["args", "cni", "runtimeConfig", "ipam", "IP", "GATEWAY", "MAC"]);

test.each(Object.keys(plugins))("%s has a section with its keys", (name) => {
  expect(sectionOf(name)).not.toBe("");
  const file = join(root, "src/plugins", name, "schema.ts");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const keys = [...text.matchAll(READS)].map(([, key = ""]) => key).filter((key) => !FOREIGN.has(key));
  const told = sectionOf(name) + shared;
  expect(keys.filter((key) => !told.includes(`\`${key}\``) && !told.includes(`"${key}"`))).toEqual([]);
});

test("the keys are found at all", () => {
  const text = readFileSync(join(root, "src/plugins/bridge/schema.ts"), "utf8");
  const keys = [...text.matchAll(READS)].map(([, key]) => key);
  expect(keys).toContain("hairpinMode");
  expect(keys).toContain("vlanTrunk");
});

test("every code of an error has a line", () => {
  const lines = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  expect(lines).toEqual(Object.values(codes).toSorted((a, b) => a - b));
});

test("the network that is shown is that of examples/", () => {
  const shown = /^```json\n([^]*?)^```$/m.exec(page)?.[1];
  expect(shown).toBe(readFileSync(join(root, "examples/bridge.conflist"), "utf8"));
});

test("its links lead somewhere", () => {
  for (const [, link = ""] of page.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
    if (!link.startsWith("https:")) expect([link, existsSync(join(root, "docs", link))]).toEqual([link, true]);
  }
  const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) => title.toLowerCase().replaceAll(" ", "-"));
  for (const [, anchor = ""] of page.matchAll(/\]\(#([^)]+)\)/g)) expect(headings).toContain(anchor);
});
