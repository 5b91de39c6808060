/**
 * `npm run bench [-- [--quick] NAME…]`: each benchmark in a sandbox of its own, its table on standard output, its
 * figures in `bench/results`, and the tables of `bench/README.md` made of those.
 */
import { buildPrograms, must, root } from "./_harness/programs.ts";
import { sandboxed } from "./_harness/sandbox.ts";
import { benchmarks } from "./all.ts";
import { writeReadme } from "./readme.ts";

const words = process.argv.slice(2);
const flags = words.filter((word) => word.startsWith("-"));
const names = words.filter((word) => !word.startsWith("-"));
const known = benchmarks.map(({ name }) => name);
const wrong = [...flags.filter((flag) => flag !== "--quick"), ...names.filter((name) => !known.includes(name))];

if (wrong.length > 0) {
  console.error(
    `bench: unknown: ${wrong.join(" ")}; usage: npm run bench [-- [--quick] NAME...], of ${known.join(" ")}`,
  );
  process.exitCode = 2;
} else if (process.geteuid?.() !== 0) {
  console.error("bench: mininet and the host's namespaces need root");
  process.exitCode = 1;
} else {
  await buildPrograms();
  for (const name of names.length === 0 ? known : names) {
    const command = sandboxed([process.execPath, `${import.meta.dir}/one.ts`, name, ...flags]);
    const done = Bun.spawnSync(command, { stdin: "ignore", stdout: "inherit", stderr: "inherit" });
    if (!done.success) process.exitCode = 1;
  }
  if (flags.length === 0) {
    writeReadme();
    // `npm run format:check` looks at what was written, too.
    must([`${root}/node_modules/.bin/oxfmt`, `${import.meta.dir}/README.md`, `${import.meta.dir}/results`]);
  }
}
