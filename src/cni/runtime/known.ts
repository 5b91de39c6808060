import { CniError, codes } from "../error.ts";
import type { JsonObject } from "../plugin.ts";
import { type AttachmentId, type CacheEntry, readCached } from "./cache.ts";
import { type NetworkList, parseList } from "./list.ts";
import { rememberedNetns } from "./remembered-netns.ts";
import { inVersion } from "./result.ts";
import { type Attachment, type Runtime, versionOf } from "./runtime.ts";

/** What an operation on an attachment goes by. */
export interface Known {
  readonly list: NetworkList;
  /** With what ADD was called with, where the caller does not say otherwise. */
  readonly attachment: Attachment;
  /** ADD's result in the list's version. */
  readonly result?: JsonObject;
  /** Whether the cache knows the attachment. */
  readonly remembered: boolean;
}

/** Which configuration counts when there are two: that of ADD (SPEC: it should not change before DEL), or the caller's. */
export type Which = "remembered" | "given";

/**
 * Puts together what the cache remembers of an attachment and what the caller says of it. A cache file that cannot be read is
 * as none, and told of. @throws {CniError} 102 where neither knows the network
 */
export async function recall(
  runtime: Runtime,
  id: AttachmentId,
  given: NetworkList | undefined,
  attachment: Attachment,
  which: Which,
): Promise<Known> {
  const cached = readCached(runtime.cacheDir, id);
  if (cached.kind === "unreadable") runtime.tell(`what was remembered of the attachment is passed over: ${cached.why}`);
  const entry = cached.kind === "entry" ? cached.entry : undefined;
  const list = which === "given" ? (given ?? listOf(runtime, entry)) : (listOf(runtime, entry) ?? given);
  if (list === undefined) {
    throw new CniError(
      codes.missing,
      `nothing is known of network ${id.network}`,
      "neither a configuration nor an attachment is there; 'netloom cni ls' shows the attachments",
    );
  }
  const result = cached.kind === "legacy" ? cached.result : entry?.result;
  return {
    list,
    attachment: entry === undefined ? attachment : await completed(attachment, entry),
    ...(result === undefined ? {} : converted(runtime, result, list)),
    remembered: cached.kind === "entry" || cached.kind === "legacy",
  };
}

/** The list of ADD. One that this version cannot read any more is as none. */
function listOf(runtime: Runtime, entry: CacheEntry | undefined): NetworkList | undefined {
  if (entry === undefined) return undefined;
  try {
    const list = parseList(entry.config);
    // Without plugins it drew them from a folder, which libcni does not remember.
    return list.name === entry.network && list.plugins.length > 0 ? list : undefined;
  } catch (error) {
    if (!(error instanceof CniError)) throw error;
    runtime.tell(`the configuration that was remembered is passed over: ${error.message}`);
    return undefined;
  }
}

async function completed(attachment: Attachment, entry: CacheEntry): Promise<Attachment> {
  const capabilityArgs = attachment.capabilityArgs ?? entry.capabilityArgs;
  return {
    ...attachment,
    netns: attachment.netns === "" ? await rememberedNetns(entry) : attachment.netns,
    args: attachment.args ?? entry.args,
    ...(capabilityArgs === undefined ? {} : { capabilityArgs }),
  };
}

/** A result that cannot be read is as none: DEL has to work without. */
function converted(runtime: Runtime, result: JsonObject, list: NetworkList): { readonly result?: JsonObject } {
  try {
    return { result: inVersion(result, versionOf(list)) };
  } catch (error) {
    if (!(error instanceof CniError)) throw error;
    runtime.tell(`the result that was remembered is passed over: ${error.message}`);
    return {};
  }
}
