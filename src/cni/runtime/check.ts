import { CniError, codes } from "../error.ts";
import { compareVersions } from "../version.ts";
import { type Which, recall } from "./known.ts";
import type { NetworkList } from "./list.ts";
import { RuntimeLock } from "./lock.ts";
import { type Attachment, type Runtime, callPlugin, idOf, pluginFailure, versionOf } from "./runtime.ts";

/**
 * Asks the plugins, in order, whether an attachment is as ADD left it; the first that says no ends it (SPEC "Checking an
 * attachment"). Success without a question when the list says `disableCheck`.
 * @throws {CniError} the plugin's own; 1 for a list older than 0.4.0; 3 when no ADD is remembered
 */
export async function check(
  runtime: Runtime,
  network: string,
  given: NetworkList | undefined,
  attachment: Attachment,
  which: Which = "remembered",
): Promise<void> {
  const id = idOf(network, attachment);
  using _lock = await RuntimeLock.container(runtime.cacheDir, id.containerId, runtime.patience);
  const known = await recall(runtime, id, given, attachment, which);
  const { list } = known;
  if (compareVersions(list.cniVersion, "0.4.0") < 0) {
    throw new CniError(
      codes.incompatibleVersion,
      `configuration version "${list.cniVersion}" does not support the CHECK command`,
      `network ${list.name}: CHECK is there since 0.4.0`,
    );
  }
  if (list.disableCheck) return;
  versionOf(list);
  if (!known.remembered || known.result === undefined) {
    throw new CniError(
      codes.unknownContainer,
      `cannot CHECK: ${id.containerId} is not attached to network ${id.network} as ${id.ifname}`,
      "CHECK compares with the result of ADD, and none is remembered; 'netloom cni ls' shows the attachments",
    );
  }
  if (known.attachment.netns === "") {
    throw new CniError(
      codes.badEnvironment,
      `cannot CHECK: the namespace of ${id.containerId} is not remembered, or is another one by now`,
      `write NET NETNS, and the container: --container-id ${id.containerId}`,
    );
  }
  const insertion = {
    prevResult: JSON.stringify(known.result),
    ...(known.attachment.capabilityArgs === undefined ? {} : { capabilityArgs: known.attachment.capabilityArgs }),
  };
  for (const plugin of list.plugins) {
    try {
      await callPlugin(runtime, list, plugin, "CHECK", known.attachment, insertion);
    } catch (error) {
      throw pluginFailure(error, plugin, "check");
    }
  }
}
