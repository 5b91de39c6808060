import { runProgram } from "../cni/program.ts";
import { plugins, runDhcpDaemon, versionsOf } from "../plugins/index.ts";

/**
 * A call of a plugin, to its exit code; `undefined` where there is no plugin of that name.
 * @param release - netloom's own version
 * @param words - the command line: `dhcp daemon` is the one plugin that is more than a call
 */
export async function servePlugin(
  name: string,
  release: string,
  words: readonly string[],
): Promise<number | undefined> {
  const load = plugins[name];
  if (load === undefined) return undefined;
  if (name === "dhcp" && words[0] === "daemon") return runDhcpDaemon(words.slice(1));
  return runProgram({ name, versions: versionsOf(name), load, find: (type) => plugins[type] }, release);
}
