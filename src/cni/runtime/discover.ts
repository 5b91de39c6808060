import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { CniError, codes } from "../error.ts";
import { type NetworkList, listOfOne, parseList, parsePlugin } from "./list.ts";

/** The networks of a folder, in the order in which they are looked at, and the files that cannot be read as one. */
export interface Found {
  readonly lists: readonly NetworkList[];
  readonly problems: readonly CniError[];
}

/**
 * All networks of a folder: `.conflist` files by name, then `.conf` and `.json` by name as lists of one plugin. Of two with
 * the same name the first counts. A folder that is not there has none. Unlike libcni, a file that cannot be read is reported
 * and passed over.
 * @throws {CniError} 5 when the folder cannot be read
 */
export function findNetworks(dir: string): Found {
  const files = filesOf(dir);
  const lists: NetworkList[] = [];
  const problems: CniError[] = [];
  for (const file of [...ending(files, ".conflist"), ...ending(files, ".conf", ".json")]) {
    try {
      lists.push(readNetwork(join(dir, file)));
    } catch (error) {
      if (!(error instanceof CniError)) throw error;
      problems.push(error);
    }
  }
  return { lists, problems };
}

/**
 * The network of that name. `tell` hears of files that were passed over.
 * @throws {CniError} 102 with the names that are there and the files that could not be read
 */
export function findNetwork(
  dir: string,
  name: string,
  tell: (problem: CniError) => void = () => undefined,
): NetworkList {
  const { lists, problems } = findNetworks(dir);
  const found = lists.find((list) => list.name === name);
  if (found !== undefined) {
    problems.forEach(tell);
    return found;
  }
  const names = [...new Set(lists.map((list) => list.name))];
  const there = names.length === 0 ? `there is none in ${dir}` : `${dir} has ${names.join(", ")}`;
  const unread = problems.map(({ message }) => `cannot be read: ${message}`);
  throw new CniError(
    codes.missing,
    `there is no network called ${JSON.stringify(name)}`,
    [there, ...unread].join("; "),
  );
}

/** One file as a network, with the plugins of its sibling folder. @throws {CniError} */
export function readNetwork(file: string): NetworkList {
  const text = textOf(file);
  const single = [".conf", ".json"].includes(extensionOf(file)) && !isList(text);
  const list = single ? listOfOne(text, file) : parseList(text, file);
  // A single plugin's file never had siblings (libcni/conf.go, LoadNetworkConf).
  const whole = single ? list : withSiblings(list, dirname(file));
  if (whole.plugins.length > 0) return whole;
  throw new CniError(
    codes.invalidConfig,
    `${file}: network ${list.name} has no plugins`,
    `list them as "plugins", or put a file per plugin into ${join(dirname(file), list.name)}`,
  );
}

/** The list followed by the plugins of `DIR/<name>/*.conf`, unless it forbids that (SPEC "loadOnlyInlinedPlugins"). @throws {CniError} */
function withSiblings(list: NetworkList, dir: string): NetworkList {
  if (list.loadOnlyInlinedPlugins) return list;
  const folder = join(dir, list.name);
  const siblings = ending(filesOf(folder), ".conf").map((name) => {
    const file = join(folder, name);
    return parsePlugin(textOf(file), file);
  });
  return { ...list, plugins: [...list.plugins, ...siblings] };
}

/** Under these names libcni takes single plugins only. A list there is refused by it for having no type; here it is a list. */
function isList(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "plugins" in value;
  } catch {
    return false; // The parser that comes next says what is wrong.
  }
}

function filesOf(dir: string): readonly string[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  } catch (error) {
    if (isNotThere(error)) return [];
    throw unreadable(dir, error);
  }
}

function ending(files: readonly string[], ...endings: readonly string[]): readonly string[] {
  return files.filter((file) => endings.includes(extensionOf(file)));
}

/** As Go's filepath.Ext: a name that only consists of an extension has it. */
function extensionOf(file: string): string {
  return file.slice(file.lastIndexOf(".") === -1 ? file.length : file.lastIndexOf("."));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw unreadable(file, error);
  }
}

function isNotThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function unreadable(path: string, error: unknown): CniError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return new CniError(codes.missing, `there is no file ${path}`, undefined, { cause: error });
  if (code === "EISDIR") return new CniError(codes.io, `${path} is a folder`, "name a file in it", { cause: error });
  return new CniError(codes.io, `read ${path}: ${error instanceof Error ? error.message : String(error)}`, undefined, {
    cause: error,
  });
}
