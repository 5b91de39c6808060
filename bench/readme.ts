/** Writes what was measured into `bench/README.md`, between its two marks. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Result, resultsFolder } from "./_harness/result.ts";
import { cells, markdownTable } from "./_harness/table.ts";
import { benchmarks } from "./all.ts";

const readme = join(import.meta.dir, "README.md");
const [begin, end] = ["<!-- results: made by npm run bench -->", "<!-- end of results -->"];

export function writeReadme(): void {
  const text = readFileSync(readme, "utf8");
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${readme} has no marks for its results`);
  const results = benchmarks.map(({ name }) => join(resultsFolder, `${name}.json`)).filter((path) => existsSync(path));
  const sections = results.map((path) => section(JSON.parse(readFileSync(path, "utf8")) as Result));
  writeFileSync(readme, `${text.slice(0, from + begin.length)}\n\n${sections.join("\n")}\n${text.slice(to)}`);
}

function section({ title, taken, machine, comparisons, notes }: Result): string {
  const versions = Object.entries(machine.versions).map(([what, version]) => `${what} ${version}`);
  const where = `${machine.cores} × ${machine.processor}, Linux ${machine.kernel}, load ${machine.load.toFixed(1)}`;
  const lines = notes.map((note) => `- ${note}\n`).join("");
  return `### ${title}

${taken.slice(0, 10)}, ${where}; ${versions.join(", ")}.

${markdownTable(comparisons.map(cells))}${lines === "" ? "" : `\n${lines}`}`;
}
