/** Runs a command line of netloom for each line of standard input, a list in JSON; a line of both outputs marks its end. */
import { writeSync } from "node:fs";
import { run } from "../../src/cli/run.ts";

for await (const line of console) {
  const code = await run(JSON.parse(line) as string[]);
  for (const fd of [1, 2]) writeSync(fd, `\n<<exit ${code}>>\n`);
}
