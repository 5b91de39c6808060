/**
 * The program's beginning. `version`, `exec` and CNI plugins are answered by hand and import next to nothing: they are to
 * start as fast as an empty program. Everything else is loaded when it is asked for. Nothing here touches `process.stdout`:
 * its streams take 15 ms to load.
 *
 * The executable has several names (links in /opt/cni/bin): called by a plugin's name it is that plugin, as `ipu` it is `ipu`.
 */

import { version } from "../../package.json";

const [command, ...rest] = process.argv.slice(2);
const calledAs = process.argv0.slice(process.argv0.lastIndexOf("/") + 1);

/** Programs of other projects that this one is as well, by their names. */
const programs: Readonly<Record<string, (words: readonly string[]) => Promise<number>>> = {
  cnitool: async (words) => (await import("./cni/cnitool.ts")).cnitool(words),
  ipu: async (words) => (await import("./ipu-fast.ts")).ipuFast(words),
  netns_test: async (words) => (await import("./pods/netns-test.ts")).netnsTest(words),
};
const program = programs[calledAs];

if (program !== undefined) {
  process.exitCode = await program(process.argv.slice(2));
} else if ((command === "version" || command === "--version" || command === "-V") && rest.length === 0) {
  console.log(`netloom ${version}`);
} else {
  process.exitCode = (await asOther()) ?? (await asUser()) ?? (await start());
}

/** Spelt out: `netloom ipu …`, `netloom cni plugin NAME`. A plugin under its own name. Neither: none of them. */
async function asOther(): Promise<number | undefined> {
  if (command !== undefined && Object.hasOwn(programs, command)) return programs[command]?.(rest);
  const speltOut = command === "cni" && rest[0] === "plugin";
  if (!speltOut && (calledAs === "netloom" || calledAs === "bun")) return undefined;
  const name = speltOut ? rest[1] : calledAs;
  const words = speltOut ? rest.slice(2) : process.argv.slice(2);
  return name === undefined ? undefined : (await import("./plugin-fast.ts")).servePlugin(name, version, words);
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
