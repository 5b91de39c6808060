import type { JsonObject } from "../plugin.ts";
import { CniError, codes } from "../error.ts";
import { idFault, ifnameFault } from "../environment.ts";
import { isSpecVersion, specVersions, type SpecVersion } from "../version.ts";
import type { AttachmentId } from "./cache.ts";
import { failureOf } from "../invoke.ts";
import { type CallPlugin, execPlugin } from "./call.ts";
import { findPlugin } from "../find.ts";
import { CACHE_DIR } from "./places.ts";
import type { ListedPlugin, NetworkList } from "./list.ts";
import { type Insertion, requestConfig } from "./request.ts";

/** What a runtime works with. */
export interface RuntimeOptions {
  /** Folders of plugins, `CNI_PATH`. */
  readonly path: readonly string[];
  /** Where attachments are remembered, for libcni and us; `/var/lib/cni` if absent. */
  readonly cacheDir?: string;
  /** Runs plugins; as processes if absent. */
  readonly call?: CallPlugin;
  /** Hears what people may want to know while all goes well: what plugins write on standard error, what was cleaned up. */
  readonly tell?: (note: string) => void;
  /** What to tell people of a plugin that is in none of the folders. */
  readonly missing?: (type: string) => string | undefined;
  /** How long to wait for another netloom that works on the same container, in milliseconds. */
  readonly patience?: number;
}

export type Runtime = Required<Omit<RuntimeOptions, "patience">> & Pick<RuntimeOptions, "patience">;

const nothing = (): undefined => undefined;

export function openRuntime({
  path,
  cacheDir = CACHE_DIR,
  call = execPlugin,
  tell = nothing,
  missing = nothing,
  patience,
}: RuntimeOptions): Runtime {
  return { path, cacheDir, call, tell, missing, ...(patience === undefined ? {} : { patience }) };
}

/** A container's interface on a network, and what a caller has to say about it. */
export interface Attachment {
  readonly containerId: string;
  readonly ifname: string;
  /** Path of the namespace. At DEL it may be empty, or lead nowhere. */
  readonly netns: string;
  /** `CNI_ARGS`. */
  readonly args?: readonly (readonly [key: string, value: string])[];
  /** Values for capabilities. */
  readonly capabilityArgs?: JsonObject;
}

export type PluginCommand = "ADD" | "DEL" | "CHECK" | "STATUS" | "GC";

/** @throws {CniError} 3 for an empty container ID, 4 for names that cannot be used */
export function idOf(network: string, { containerId, ifname }: Attachment): AttachmentId {
  if (containerId === "") throw new CniError(codes.unknownContainer, "the container has no ID");
  for (const [what, value, fault] of [
    ["container ID", containerId, idFault(containerId)],
    ["interface name", ifname, ifnameFault(ifname)],
  ] as const) {
    if (fault !== undefined)
      throw new CniError(codes.badEnvironment, `${what} ${JSON.stringify(value)} cannot be used`, fault);
  }
  return { network, containerId, ifname };
}

/** @throws {CniError} 1 for a version that nobody here speaks */
export function versionOf({ name, cniVersion }: Pick<NetworkList, "name" | "cniVersion">): SpecVersion {
  if (isSpecVersion(cniVersion)) return cniVersion;
  throw new CniError(
    codes.incompatibleVersion,
    `network ${name} is of CNI version ${JSON.stringify(cniVersion)}`,
    `netloom knows ${specVersions.join(", ")}`,
  );
}

/** The executables of all plugins, looked for before the first is called. @throws {CniError} 102 */
export function findAll(runtime: Runtime, plugins: readonly ListedPlugin[]): readonly string[] {
  return plugins.map(({ type }) => find(runtime, type));
}

/** The executable of a plugin. @throws {CniError} 102, with what `missing` says of it */
export function find({ path, missing }: Pick<Runtime, "path" | "missing">, type: string): string {
  try {
    return findPlugin(type, path);
  } catch (error) {
    const how = error instanceof CniError ? missing(type) : undefined;
    if (!(error instanceof CniError) || how === undefined) throw error;
    throw new CniError(error.code, error.message, [error.details, how].filter(Boolean).join("; "), { cause: error });
  }
}

/** Calls one plugin of a network; answers with its standard output. @throws {CniError} the plugin's own code */
export async function callPlugin(
  runtime: Runtime,
  list: NetworkList,
  plugin: ListedPlugin,
  command: PluginCommand,
  attachment: Attachment | undefined,
  insertion: Insertion,
): Promise<string> {
  const answer = await runtime.call({
    file: find(runtime, plugin.type),
    variables: {
      CNI_COMMAND: command,
      CNI_CONTAINERID: attachment?.containerId ?? "",
      CNI_NETNS: attachment?.netns ?? "",
      CNI_IFNAME: attachment?.ifname ?? "",
      CNI_ARGS: (attachment?.args ?? []).map(([key, value]) => `${key}=${value}`).join(";"),
      CNI_PATH: runtime.path.join(":"),
    },
    stdin: requestConfig(list, plugin, insertion),
  });
  if (answer.code !== 0) throw failureOf(plugin.type, answer.stdout, answer.stderr, answer.code);
  if (answer.stderr.trim() !== "") runtime.tell(answer.stderr.trimEnd());
  return answer.stdout;
}

/** A plugin's failure with the plugin in its message; code and details stay. */
export function pluginFailure(error: unknown, { type, name }: ListedPlugin, doing: string): unknown {
  if (!(error instanceof CniError)) return error;
  const which = name === undefined ? `type="${type}"` : `type="${type}" name="${name}"`;
  return new CniError(error.code, `plugin ${which} failed (${doing}): ${error.message}`, error.details, {
    cause: error,
  });
}
