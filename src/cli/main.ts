/**
 * The program's beginning. `version` and `exec` are answered by hand and import next to nothing: they are to start as
 * fast as an empty program. Everything else is loaded when it is asked for. Nothing here touches `process.stdout`:
 * its streams take 15 ms to load.
 */
import { version } from "../../package.json";

const [command, ...rest] = process.argv.slice(2);

if ((command === "version" || command === "--version" || command === "-V") && rest.length === 0) {
  console.log(`netloom ${version}`);
} else if (command === "exec") {
  const { execFast } = await import("./exec-fast.ts");
  process.exitCode = await execFast(rest);
} else {
  const { run } = await import("./run.ts");
  process.exitCode = await run(process.argv.slice(2));
}
