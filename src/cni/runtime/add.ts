import { CniError, codes } from "../error.ts";
import type { JsonObject } from "../plugin.ts";
import { objectOf } from "../raw.ts";
import { type AttachmentId, cacheFile, cachedInterface, readCached, removeCached, writeCached } from "./cache.ts";
import { delPlugins } from "./del.ts";
import type { NetworkList } from "./list.ts";
import { RuntimeLock } from "./lock.ts";
import { resultOf } from "./result.ts";
import { type Attachment, type Runtime, callPlugin, findAll, idOf, pluginFailure, versionOf } from "./runtime.ts";

interface AddOptions {
  /** Stops it between two plugins, and while it waits for its turn. */
  readonly signal?: AbortSignal;
  /** Tells the caller the result; an ADD whose result cannot be told has failed. */
  readonly answer?: (result: JsonObject) => void;
}

/**
 * Attaches a container to a network: the plugins' ADD in order, each with the result of the one before (SPEC "Adding an
 * attachment"). The last result is remembered and returned, in the list's version. When anything fails, the plugins that
 * were called get a DEL, and the caller need not. An aborted signal is such a failure.
 * @throws {CniError} the plugin's own; 101 when the attachment is there already
 */
export async function add(
  runtime: Runtime,
  list: NetworkList,
  attachment: Attachment,
  { signal, answer = () => undefined }: AddOptions = {},
): Promise<JsonObject> {
  const id = idOf(list.name, attachment);
  const version = versionOf(list);
  if (attachment.netns === "") throw new CniError(codes.badEnvironment, "the container has no network namespace");
  findAll(runtime, list.plugins);
  using _lock = await RuntimeLock.container(runtime.cacheDir, id.containerId, runtime.patience, signal);
  refuseSecond(runtime, id);
  let called = 0;
  let result: JsonObject | undefined;
  let isRemembered = false;
  try {
    for (const plugin of list.plugins) {
      await goOn(signal);
      called++;
      try {
        const insertion = {
          ...(result === undefined ? {} : { prevResult: JSON.stringify(result) }),
          ...(attachment.capabilityArgs === undefined ? {} : { capabilityArgs: attachment.capabilityArgs }),
        };
        result = resultOf(await callPlugin(runtime, list, plugin, "ADD", attachment, insertion), version);
      } catch (error) {
        throw pluginFailure(error, plugin, "add");
      }
    }
    await goOn(signal);
    writeCached(runtime.cacheDir, {
      ...id,
      config: wholeText(list),
      netns: attachment.netns,
      args: attachment.args ?? [],
      ...(attachment.capabilityArgs === undefined ? {} : { capabilityArgs: attachment.capabilityArgs }),
      ...(result === undefined ? {} : { result }),
    });
    isRemembered = true;
    answer(result ?? {});
    return result ?? {};
  } catch (error) {
    const isUndone = await takeBack(runtime, { ...list, plugins: list.plugins.slice(0, called) }, attachment, result);
    // Otherwise it stays remembered, so that DEL and GC find what is left.
    if (isRemembered && isUndone) removeCached(runtime.cacheDir, id);
    throw error;
  }
}

/**
 * There is one attachment for an interface of a container, whatever the network (SPEC "ADD"): the DEL that follows a second one's
 * failure would take away the first. @throws {CniError} 101
 */
function refuseSecond({ cacheDir }: Runtime, id: AttachmentId): void {
  const { containerId, network, ifname } = id;
  const before = readCached(cacheDir, id);
  const other = before.kind === "none" ? cachedInterface(cacheDir, id) : undefined;
  if (before.kind === "none" && other === undefined) return;
  const file = cacheFile(cacheDir, other ?? id);
  throw new CniError(
    codes.exists,
    `${containerId} is attached to network ${other?.network ?? network} as ${ifname} already`,
    other === undefined
      ? `send DEL first; ${file} remembers that ADD${before.kind === "unreadable" ? `, and cannot be read: ${before.why}` : ""}`
      : `name another interface, or send DEL first; ${file} remembers that ADD`,
  );
}

/** @throws the signal's reason once it is aborted: also by what came while a plugin kept this process busy */
async function goOn(signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return;
  await new Promise(setImmediate);
  signal.throwIfAborted();
}

/** DEL to each plugin that was called, the last first; unlike an ordinary DEL it goes on when one fails (SPEC "Lifecycle"). Whether all went well. */
async function takeBack(
  runtime: Runtime,
  list: NetworkList,
  attachment: Attachment,
  result: JsonObject | undefined,
): Promise<boolean> {
  if (list.plugins.length === 0) return true;
  const failures = await delPlugins(runtime, list, attachment, result, "all");
  const to = list.plugins.map(({ type }) => type).join(", ");
  runtime.tell(
    failures.length === 0
      ? `ADD failed; DEL was sent to undo it: ${to}`
      : `ADD failed; DEL was sent to undo it (${to}), and failed too: ${failures.map(({ message }) => message).join("; ")}`,
  );
  return failures.length === 0;
}

/**
 * What is remembered of the list: the file as it was written, for libcni, too. With plugins from a sibling folder it is the list
 * with all of them inside, so that DEL sends them what ADD did.
 */
function wholeText(list: NetworkList): string {
  if (list.plugins.every(({ where }) => where.startsWith("plugins["))) return list.text;
  const flag = (key: "disableCheck" | "disableGC") => (list[key] ? [{ key, value: "true" }] : []);
  return objectOf([
    { key: "cniVersion", value: JSON.stringify(list.cniVersion) },
    { key: "name", value: JSON.stringify(list.name) },
    ...flag("disableCheck"),
    ...flag("disableGC"),
    { key: "loadOnlyInlinedPlugins", value: "true" },
    { key: "plugins", value: `[${list.plugins.map(({ text }) => text.trim()).join(",")}]` },
  ]);
}
