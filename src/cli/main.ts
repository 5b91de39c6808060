/**
 * The program's beginning. `version` and `exec` are answered by hand and import next to nothing: they are to start as
 * fast as an empty program. Everything else is loaded when it is asked for. Nothing here touches `process.stdout`:
 * its streams take 15 ms to load.
 */
import { version } from "../../package.json";

const [command, ...rest] = process.argv.slice(2);

if ((command === "version" || command === "--version" || command === "-V") && rest.length === 0) {
  console.log(`netloom ${version}`);
} else {
  process.exitCode = (await asUser()) ?? (await start());
}

/** An ordinary user's labs are in a user namespace, which has to be entered first; root's are not. */
async function asUser(): Promise<number | undefined> {
  if (process.geteuid?.() === 0 && process.env["NETLOOM_INSIDE"] === undefined) return undefined;
  return (await import("./user-namespace.ts")).enterLabs(process.argv.slice(2));
}

async function start(): Promise<number> {
  if (command === "exec") return (await import("./exec-fast.ts")).execFast(rest);
  return (await import("./run.ts")).run(process.argv.slice(2));
}
