import { CniError } from "../error.ts";
import type { JsonObject } from "../plugin.ts";
import { compareVersions } from "../version.ts";
import { removeCached } from "./cache.ts";
import { type Which, recall } from "./known.ts";
import type { NetworkList } from "./list.ts";
import { RuntimeLock } from "./lock.ts";
import { type Attachment, type Runtime, callPlugin, idOf, pluginFailure } from "./runtime.ts";

/**
 * Detaches a container from a network: the plugins' DEL from the last to the first, with ADD's result; stops at the first that
 * fails, and then the attachment stays remembered (SPEC "Deleting an attachment"). Configuration, arguments and capabilities are
 * those of ADD where it is remembered, unless the caller says otherwise. Doing it again is fine.
 * @param network - its name
 * @param list - its configuration now; it need not be there any more
 * @throws {CniError} the plugin's own; 102 where neither a configuration nor an attachment is there
 */
export async function del(
  runtime: Runtime,
  network: string,
  list: NetworkList | undefined,
  attachment: Attachment,
  which: Which = "remembered",
): Promise<void> {
  const id = idOf(network, attachment);
  using _lock = await RuntimeLock.container(runtime.cacheDir, id.containerId, runtime.patience);
  await delLocked(runtime, network, list, attachment, which);
}

/** As {@link del}, for who has the lock. */
export async function delLocked(
  runtime: Runtime,
  network: string,
  given: NetworkList | undefined,
  attachment: Attachment,
  which: Which,
): Promise<void> {
  const id = idOf(network, attachment);
  const known = await recall(runtime, id, given, attachment, which);
  const [failure] = await delPlugins(runtime, known.list, known.attachment, known.result, "until one fails");
  if (failure !== undefined) throw failure;
  removeCached(runtime.cacheDir, id);
}

/** DEL to each plugin, the last first; returns the failures. */
export async function delPlugins(
  runtime: Runtime,
  list: NetworkList,
  attachment: Attachment,
  result: JsonObject | undefined,
  how: "all" | "until one fails",
): Promise<readonly Error[]> {
  const failures: Error[] = [];
  // Before 0.4.0 plugins are not prepared for a result at DEL.
  const insertion = {
    ...(result === undefined || compareVersions(list.cniVersion, "0.4.0") < 0
      ? {}
      : { prevResult: JSON.stringify(result) }),
    ...(attachment.capabilityArgs === undefined ? {} : { capabilityArgs: attachment.capabilityArgs }),
  };
  for (const plugin of list.plugins.toReversed()) {
    try {
      await callPlugin(runtime, list, plugin, "DEL", attachment, insertion);
    } catch (error) {
      const failure = pluginFailure(error, plugin, "delete");
      if (!(failure instanceof CniError)) throw failure;
      failures.push(failure);
      if (how === "until one fails") break;
    }
  }
  return failures;
}
