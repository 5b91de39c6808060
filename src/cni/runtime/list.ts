import { idFault } from "../environment.ts";
import { CniError, codes } from "../error.ts";
import { compareVersions, newestVersion, specVersions } from "../version.ts";
import { findJsonFault } from "./_json-fault.ts";
import { type Member, itemsOf, memberOf, membersOf, objectOf } from "../raw.ts";

/** What a missing `cniVersion` means. */
const OLDEST = specVersions[0];

/** One plugin of a network. */
export interface ListedPlugin {
  readonly type: string;
  /** Its own `name`, which plugins never see; only for messages. */
  readonly name?: string;
  /** Capabilities that are declared `true`. */
  readonly capabilities: readonly string[];
  /** Its configuration as it was written. */
  readonly text: string;
  /** Where it was written, for messages: `plugins[0]`, or a file of the sibling folder. */
  readonly where: string;
}

/** A network configuration (SPEC "Configuration format"). */
export interface NetworkList {
  readonly name: string;
  /** The one that is spoken: the highest that is offered and known here. */
  readonly cniVersion: string;
  readonly disableCheck: boolean;
  readonly disableGC: boolean;
  readonly loadOnlyInlinedPlugins: boolean;
  /** Those inside the list first, then those of the sibling folder. */
  readonly plugins: readonly ListedPlugin[];
  /** As it was written. */
  readonly text: string;
  /** Where it was read from. */
  readonly file?: string;
}

/**
 * Reads a list. Its own keys count exactly as the specification writes them, as in libcni; those of the plugins in any case.
 * It may have no plugins yet: the sibling folder may bring them.
 * @throws {CniError} 6 for what is no JSON, 7 for what is no list, saying which key and why
 */
export function parseList(text: string, file?: string): NetworkList {
  const from = file === undefined ? {} : { file };
  const list = objectAt(text, file ?? "the network configuration");
  const fail = (what: string, how: string): never => {
    throw new CniError(codes.invalidConfig, `${file ?? "the network configuration"}: ${what}`, how);
  };
  const members = membersOf(text);
  const name = list["name"];
  if (name === undefined) return fail("it has no name", 'add "name": "…" to the list');
  if (typeof name !== "string") return fail(`name is ${kindOf(name)}`, "write a text");
  const fault = idFault(name);
  if (fault !== undefined) return fail(`name ${JSON.stringify(name)} is no name of a network`, fault);
  const flag = (key: string): boolean => {
    const value = list[key];
    const word = typeof value === "string" ? value.toLowerCase() : value;
    if (word === undefined || word === false || word === "false") return false;
    if (word === true || word === "true") return true;
    return fail(
      `${key} is ${typeof value === "string" ? JSON.stringify(value) : kindOf(value)}`,
      "write true or false",
    );
  };
  const loadOnlyInlinedPlugins = flag("loadOnlyInlinedPlugins");
  const inlined = members.findLast(({ key }) => key === "plugins")?.value;
  if (inlined === undefined && loadOnlyInlinedPlugins)
    return fail("loadOnlyInlinedPlugins is true and there is no plugins", "list the plugins, or leave that flag out");
  if (inlined !== undefined && !Array.isArray(list["plugins"]))
    return fail(`plugins is ${kindOf(list["plugins"])}`, "write a list of plugin configurations");
  const items = inlined === undefined ? [] : itemsOf(inlined);
  if (inlined !== undefined && items.length === 0) return fail("plugins is empty", "name at least one plugin");
  return {
    name,
    cniVersion: versionOf(list, fail),
    disableCheck: flag("disableCheck"),
    disableGC: flag("disableGC"),
    loadOnlyInlinedPlugins,
    plugins: items.map((item, at) => parsePlugin(item, `plugins[${at}]`, file)),
    text,
    ...from,
  };
}

/** Reads one plugin's configuration. @throws {CniError} 6, 7 */
export function parsePlugin(text: string, where: string, file?: string): ListedPlugin {
  const at = file === undefined ? where : `${file}: ${where}`;
  objectAt(text, at);
  const members = membersOf(text);
  const read = (key: string): unknown => {
    const value = memberOf(members, key);
    return value === undefined ? undefined : JSON.parse(value);
  };
  const fail = (what: string, how: string): never => {
    throw new CniError(codes.invalidConfig, `${at}: ${what}`, how);
  };
  const type = read("type") ?? "";
  if (typeof type !== "string") return fail(`type is ${kindOf(type)}`, "write the name of a plugin's executable");
  if (type === "") return fail("it has no type", 'add "type": "…", the name of the plugin\'s executable');
  if (type.includes("/") || type.includes("\0"))
    return fail(
      `type ${JSON.stringify(type)} has a path in it`,
      "write the name alone; CNI_PATH says where plugins are",
    );
  const name = read("name");
  const declared = read("capabilities") ?? {};
  if (typeof declared !== "object" || Array.isArray(declared))
    return fail(`capabilities is ${kindOf(declared)}`, 'write an object such as {"portMappings": true}');
  return {
    type,
    ...(typeof name === "string" && name !== "" ? { name } : {}),
    capabilities: Object.entries(declared as object).flatMap(([key, value]) => (value === true ? [key] : [])),
    text,
    where,
  };
}

/** A single plugin's configuration as a list of one, as runtimes still take `.conf` files. @throws {CniError} 6, 7 */
export function listOfOne(text: string, file?: string): NetworkList {
  const at = file ?? "the network configuration";
  objectAt(text, at);
  parsePlugin(text, "the plugin", file);
  const members = membersOf(text);
  const kept = ["cniVersion", "name"].flatMap((key): readonly Member[] => {
    const value = memberOf(members, key);
    return value === undefined ? [] : [{ key, value }];
  });
  return parseList(objectOf([...kept, { key: "plugins", value: `[${text.trim()}]` }]), file);
}

/** The highest of `cniVersions` and `cniVersion` that is known here; a lone `cniVersion` stays as it is (SPEC "cniVersions"). */
function versionOf(list: Readonly<Record<string, unknown>>, fail: (what: string, how: string) => never): string {
  const alone = list["cniVersion"] ?? "";
  if (typeof alone !== "string")
    return fail(`cniVersion is ${kindOf(alone)}`, `write a text such as "${newestVersion}"`);
  const several = list["cniVersions"];
  if (several === undefined) return alone === "" ? OLDEST : alone;
  if (!Array.isArray(several))
    return fail(`cniVersions is ${kindOf(several)}`, `write a list such as ["1.0.0", "${newestVersion}"]`);
  const offered = [...(several as readonly unknown[]), ...(alone === "" ? [] : [alone])].map((one, at) =>
    typeof one === "string"
      ? one
      : fail(`cniVersions[${at}] is ${kindOf(one)}`, `write a text such as "${newestVersion}"`),
  );
  const known = offered.filter((one) => compareVersions(one, newestVersion) <= 0).toSorted(compareVersions);
  return known.at(-1) ?? (alone === "" ? OLDEST : alone);
}

/** @throws {CniError} 6 */
function objectAt(text: string, where: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const fault = findJsonFault(text);
    const place = fault === undefined ? "" : `:${fault.line}:${fault.column}`;
    const what = fault?.what ?? (error instanceof Error ? error.message : String(error));
    throw new CniError(codes.undecodable, `${where}${place}: no JSON: ${what}`, undefined, { cause: error });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new CniError(codes.undecodable, `${where}: it is ${kindOf(value)}`, "write a JSON object");
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return (
    { string: "a text", number: "a number", boolean: "true or false", object: "an object" }[typeof value as string] ??
    "nothing"
  );
}
