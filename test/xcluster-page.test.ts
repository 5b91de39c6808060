/** docs/xcluster.md tells the truth of addresses: its table, its command lines, and how to make the list without netloom. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { addressesAt, printShuffled, settingsOf, shuffle, variablesOf } from "../src/xcluster/index.ts";

const root = join(import.meta.dir, "..");
const page = await Bun.file(join(root, "docs/xcluster.md")).text();

test("the table of addresses", () => {
  const { templates } = settingsOf(variablesOf({}));
  const rows = [...page.matchAll(/^\|[^|]*\| (\S+) \| (\S+) \| (\d+) \| (\d+) \|$/gm)].map((row) => row.slice(1));
  expect(rows).toHaveLength(5);
  for (const [v4, v6, net, host] of rows) {
    expect([v4, v6]).toEqual([...addressesAt(templates, Number(net), Number(host))]);
  }
});

const lines = [...page.matchAll(/^netloom ((?:addr|ipu) .*?) *(?:#.*)?$/gm)].map(([, line = ""]) => line);
const harmless = lines.filter((line) => !line.includes("--write") && !line.startsWith("addr slice"));

test.each(harmless)("netloom %s", (line) => {
  const main = join(root, "src/cli/main.ts");
  const run = Bun.spawnSync([process.execPath, main, ...line.split(" ")], { env: { ...process.env, NO_COLOR: "1" } });
  expect({ code: run.exitCode, stderr: run.stderr.toString().replace(/^none of .*\n/, "") }).toEqual({
    code: 0,
    stderr: "",
  });
});

test("the page has command lines", () => {
  expect(harmless.length).toBeGreaterThan(5);
});

test("the list without netloom", () => {
  const program = /`(for i in \$\(seq 254\).*)`\.$/m.exec(page)?.[1] ?? "";
  expect(program).not.toBe("");
  const made = Bun.spawnSync(["sh", "-c", program.replace("seq 254", "seq 20")]).stdout.toString();
  expect(made).toBe(printShuffled({ numbers: shuffle("demo", 20).numbers }));
});
