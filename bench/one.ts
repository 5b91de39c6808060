/** One benchmark, in the sandbox that `main.ts` has made. */
import { machine } from "./_harness/machine.ts";
import { keep, resultOf } from "./_harness/result.ts";
import { cells, plainTable } from "./_harness/table.ts";
import { benchmarks } from "./all.ts";

const [name, flag] = process.argv.slice(2);
const benchmark = benchmarks.find((each) => each.name === name);
if (benchmark === undefined) throw new Error(`there is no benchmark ${name}`);
const quick = flag === "--quick";

const where = machine();
const outcome = await benchmark.run({ quick });
if (!quick) keep(resultOf(benchmark, where, outcome));

const versions = Object.entries(where.versions).map(([what, version]) => `${what} ${version}`);
console.log(`${benchmark.title}${quick ? " (quick: the figures mean nothing)" : ""}`);
console.log(
  `${where.cores} × ${where.processor}, Linux ${where.kernel}, load ${where.load.toFixed(1)}; ${versions.join(", ")}`,
);
console.log(plainTable(outcome.comparisons.map(cells)));
for (const note of outcome.notes) console.log(`- ${note}`);
console.log("");
