import { compareVersions } from "../version.ts";
import type { NetworkList } from "./list.ts";
import { type Runtime, callPlugin, pluginFailure } from "./runtime.ts";

/**
 * Asks the plugins, in order, whether they are ready for ADD; the first that is not ends it, with its own code (SPEC "Status").
 * Lists older than 1.1.0 are ready without a question.
 * @throws {CniError} 50, 51, or the plugin's own
 */
export async function status(runtime: Runtime, list: NetworkList): Promise<void> {
  if (compareVersions(list.cniVersion, "1.1.0") < 0) return;
  for (const plugin of list.plugins) {
    try {
      await callPlugin(runtime, list, plugin, "STATUS", undefined, {});
    } catch (error) {
      throw pluginFailure(error, plugin, "status");
    }
  }
}
