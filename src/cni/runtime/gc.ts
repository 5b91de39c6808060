import { CniError } from "../error.ts";
import type { Attachment as ValidAttachment } from "../plugin.ts";
import { compareVersions } from "../version.ts";
import { type CacheEntry, listCached } from "./cache.ts";
import { delLocked } from "./del.ts";
import type { NetworkList } from "./list.ts";
import { RuntimeLock } from "./lock.ts";
import { type Runtime, callPlugin, pluginFailure } from "./runtime.ts";

/** Failures of a collection, all that there were. */
export class GcError extends AggregateError {
  override readonly name = "GcError";
  override readonly errors: Error[];

  constructor(errors: Error[]) {
    super(errors, errors.map(lineOf).join("\n"));
    this.errors = errors;
  }
}

function lineOf(error: Error): string {
  const details = error instanceof CniError ? error.details : undefined;
  return details === undefined ? error.message : `${error.message}; ${details}`;
}

/** What is valid, or how to tell it from what is remembered while nobody attaches or detaches anything. */
export type Valid = readonly ValidAttachment[] | ((remembered: readonly CacheEntry[]) => readonly ValidAttachment[]);

/**
 * Removes what belongs to none of the valid attachments of a network: a DEL to each that is remembered and not valid, then, from
 * 1.1.0 on, GC to each plugin (SPEC "Garbage-collecting a network"). Goes on after failures. Nothing when the list says
 * `disableGC`. Without `valid` every attachment that is remembered goes, and the plugins are not told what is valid.
 * @returns the attachments that got a DEL
 * @throws {GcError}
 */
export async function gc(runtime: Runtime, list: NetworkList, saidValid?: Valid): Promise<readonly CacheEntry[]> {
  if (list.disableGC) return [];
  using _lock = await RuntimeLock.all(runtime.cacheDir, runtime.patience);
  const failures: Error[] = [];
  const attempt = async (body: () => Promise<unknown>, fail: (error: unknown) => unknown): Promise<void> => {
    try {
      await body();
    } catch (error) {
      const failure = fail(error);
      if (!(failure instanceof Error)) throw error;
      failures.push(failure);
    }
  };
  let remembered: readonly CacheEntry[] = [];
  await attempt(
    async () => (remembered = listCached(runtime.cacheDir).filter(({ network }) => network === list.name)),
    (error) => error,
  );
  // What is valid would be nothing at all, and the plugins would take away everything.
  if (failures.length > 0 && typeof saidValid === "function") throw new GcError(failures);
  const valid = typeof saidValid === "function" ? saidValid(remembered) : saidValid;
  const gone: CacheEntry[] = [];
  const isValid = ({ containerId, ifname }: CacheEntry): boolean =>
    valid?.some((one) => one.containerID === containerId && one.ifname === ifname) === true;
  for (const entry of remembered.filter((one) => !isValid(one))) {
    const { containerId, ifname, args } = entry;
    const caps = entry.capabilityArgs === undefined ? {} : { capabilityArgs: entry.capabilityArgs };
    await attempt(
      async () => {
        await delLocked(runtime, list.name, list, { containerId, ifname, netns: "", args, ...caps }, "remembered");
        gone.push(entry);
      },
      (error) => stale(error, entry),
    );
  }
  if (compareVersions(list.cniVersion, "1.1.0") >= 0) {
    for (const plugin of list.plugins) {
      await attempt(
        () => callPlugin(runtime, list, plugin, "GC", undefined, valid === undefined ? {} : { valid }),
        (error) => pluginFailure(error, plugin, "gc"),
      );
    }
  }
  if (failures.length > 0) throw new GcError(failures);
  return gone;
}

function stale(error: unknown, { containerId, ifname }: CacheEntry): unknown {
  if (!(error instanceof CniError)) return error;
  const message = `failed to delete stale attachment ${containerId} ${ifname}: ${error.message}`;
  return new CniError(error.code, message, error.details, { cause: error });
}
