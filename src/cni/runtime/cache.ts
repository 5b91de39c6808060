import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { makeDirs, removeFile, replaceFile } from "../../sys/index.ts";
import { CniError, codes } from "../error.ts";
import type { JsonObject } from "../plugin.ts";
import { goJson } from "./_go-json.ts";

const KIND = "cniCacheV1";

/** What an attachment is known by. */
export interface AttachmentId {
  readonly network: string;
  readonly containerId: string;
  readonly ifname: string;
}

/** What ADD was called with and what came of it. */
export interface CacheEntry extends AttachmentId {
  /** The network's list as it was written. */
  readonly config: string;
  /** Absent in files of older libcni. */
  readonly netns?: string;
  readonly args: readonly (readonly [string, string])[];
  readonly capabilityArgs?: JsonObject;
  /** ADD's result, in the list's version then. */
  readonly result?: JsonObject;
}

/** A look into the cache: an entry, a bare result as libcni wrote it before 2020, a file that is neither, or nothing. */
export type Cached =
  | { readonly kind: "entry"; readonly entry: CacheEntry }
  | { readonly kind: "legacy"; readonly result: JsonObject }
  | { readonly kind: "unreadable"; readonly why: string }
  | { readonly kind: "none" };

/** The file of an attachment, as libcni names it. The names must have been checked: they become part of a path. */
export function cacheFile(dir: string, id: AttachmentId): string {
  return join(resultsOf(dir), fileName(id));
}

function fileName({ network, containerId, ifname }: AttachmentId): string {
  return `${network}-${containerId}-${ifname}`;
}

/** What is known of an attachment. */
export function readCached(dir: string, id: AttachmentId): Cached {
  return readEntry(cacheFile(dir, id));
}

/** All attachments that are known, by file name; files that are no entry are passed over, as libcni does. @throws {CniError} 106 */
export function listCached(dir: string): readonly CacheEntry[] {
  return filesOf(dir).flatMap((file) => {
    const found = readEntry(join(resultsOf(dir), file));
    return found.kind === "entry" && found.entry.ifname !== "" && found.entry.network !== "" ? [found.entry] : [];
  });
}

/** The attachment that has an interface of a container, in whatever network. @throws {CniError} 106 */
export function cachedInterface(
  dir: string,
  { containerId, ifname }: Omit<AttachmentId, "network">,
): CacheEntry | undefined {
  for (const file of filesOf(dir)) {
    if (!file.endsWith(`-${containerId}-${ifname}`)) continue;
    const found = readEntry(join(resultsOf(dir), file));
    // Names may have hyphens in them.
    if (found.kind === "entry" && found.entry.containerId === containerId && found.entry.ifname === ifname)
      return found.entry;
  }
  return undefined;
}

/** Files of a network's attachments that do not say whose they are: damaged ones, and plain results as an old libcni wrote them. @throws {CniError} 106 */
export function illegibleCached(dir: string, network: string): readonly string[] {
  return filesOf(dir)
    .filter((file) => file.startsWith(`${network}-`))
    .map((file) => join(resultsOf(dir), file))
    .filter((file) => ["unreadable", "legacy"].includes(readEntry(file).kind));
}

/** Remembers an attachment: the file is there whole or not at all. Same bytes as libcni's. @throws {CniError} 106 */
export function writeCached(dir: string, entry: CacheEntry): void {
  const name = fileName(entry);
  try {
    makeDirs(resultsOf(dir), 0o700);
    // Its draft begins with a dot, as no network does, and is passed over by libcni until it is whole.
    replaceFile(resultsOf(dir), name, new TextEncoder().encode(textOf(entry)), 0o600);
  } catch (error) {
    throw storage(`remember the attachment in ${resultsOf(dir)}/${name}`, error);
  }
}

/** Forgets an attachment; that it is not known is fine. @throws {CniError} 106 */
export function removeCached(dir: string, id: AttachmentId): void {
  const file = cacheFile(dir, id);
  try {
    removeFile(file);
  } catch (error) {
    if (isNotThere(error)) return;
    throw storage(`forget the attachment in ${file}`, error);
  }
}

/** The fields in the order of libcni's struct; those that are empty are left out where it leaves them out. */
function textOf({ network, containerId, ifname, config, netns, args, capabilityArgs, result }: CacheEntry): string {
  const filled = (key: string, value: unknown, isEmpty: boolean): readonly string[] =>
    isEmpty ? [] : [`"${key}":${goJson(value)}`];
  return `{${[
    `"kind":"${KIND}"`,
    `"containerId":${goJson(containerId)}`,
    `"config":"${Buffer.from(config).toString("base64")}"`,
    `"ifName":${goJson(ifname)}`,
    `"networkName":${goJson(network)}`,
    ...filled("netns", netns, netns === undefined || netns === ""),
    ...filled("cniArgs", args, args.length === 0),
    ...filled("capabilityArgs", capabilityArgs, Object.keys(capabilityArgs ?? {}).length === 0),
    ...filled("result", result, Object.keys(result ?? {}).length === 0),
  ].join(",")}}`;
}

function readEntry(file: string): Cached {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return isNotThere(error) ? { kind: "none" } : { kind: "unreadable", why: messageOf(error) };
  }
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return { kind: "unreadable", why: "it is no JSON object" };
    return value["kind"] === KIND ? { kind: "entry", entry: entryOf(value) } : { kind: "legacy", result: value };
  } catch (error) {
    return { kind: "unreadable", why: messageOf(error) };
  }
}

function entryOf(value: JsonObject): CacheEntry {
  const word = (key: string): string => (typeof value[key] === "string" ? value[key] : "");
  const args = Array.isArray(value["cniArgs"]) ? (value["cniArgs"] as readonly unknown[]) : [];
  return {
    network: word("networkName"),
    containerId: word("containerId"),
    ifname: word("ifName"),
    config: Buffer.from(word("config"), "base64").toString(),
    ...(word("netns") === "" ? {} : { netns: word("netns") }),
    args: args.flatMap((pair) => (isPair(pair) ? [pair] : [])),
    ...(isObject(value["capabilityArgs"]) ? { capabilityArgs: value["capabilityArgs"] } : {}),
    ...(isObject(value["result"]) ? { result: value["result"] } : {}),
  };
}

function filesOf(dir: string): readonly string[] {
  try {
    return readdirSync(resultsOf(dir)).toSorted();
  } catch (error) {
    if (isNotThere(error)) return [];
    throw storage(`list ${resultsOf(dir)}`, error);
  }
}

function resultsOf(dir: string): string {
  return join(dir, "results");
}

function isPair(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === "string");
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Nor can there be a file with too long a name. */
const absences: readonly unknown[] = ["ENOENT", "ENOTDIR", "ENAMETOOLONG"];

function isNotThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && absences.includes(error.code);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function storage(doing: string, error: unknown): CniError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const how =
    code === "ENOSPC" || code === "EDQUOT"
      ? "make room on that file system"
      : code === "EACCES" || code === "EPERM"
        ? "run it as root"
        : undefined;
  return new CniError(codes.storage, `${doing}: ${messageOf(error)}`, how, { cause: error });
}
