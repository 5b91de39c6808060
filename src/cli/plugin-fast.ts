import { runProgram } from "../cni/program.ts";
import { plugins, versionsOf } from "../plugins/index.ts";

/**
 * A call of a plugin, to its exit code; `undefined` where there is no plugin of that name.
 * @param release - netloom's own version
 */
export async function servePlugin(name: string, release: string): Promise<number | undefined> {
  const load = plugins[name];
  if (load === undefined) return undefined;
  return runProgram({ name, versions: versionsOf(name), load, find: (type) => plugins[type] }, release);
}
