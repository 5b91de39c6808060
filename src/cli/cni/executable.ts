import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { plugins } from "../../plugins/index.ts";
import { nearest } from "../../values/index.ts";
import { UsageError } from "../usage.ts";

/** Other programs the executable is, and what they do; installed only when they are asked for. */
export const programs: Readonly<Record<string, string>> = {
  cnitool: "calls plugins from the command line",
  ipu: "xcluster's address calculator",
  netns_test: "xcluster's pods on this node",
};

/** The executable that the names are to lead to: the one that is given, this one, or the one that was built from this checkout. @throws {UsageError} */
export function executableOf(given: string | undefined): string {
  if (given !== undefined) {
    if (existsSync(given)) return realpathSync(given);
    throw new UsageError(
      `there is no file ${given}`,
      "--executable FILE is for a netloom that was built by: npm run build",
    );
  }
  // In an executable of its own the modules are in a file system within it.
  if (import.meta.path.startsWith("/$bunfs/")) return realpathSync(process.execPath);
  const built = join(import.meta.dir, "../../../dist/netloom");
  if (existsSync(built)) return realpathSync(built);
  throw new UsageError(
    "this netloom runs from a checkout, and plugins have to be one executable",
    "'npm run build' makes dist/netloom; or name another: --executable FILE",
  );
}

/** Refuses what is no netloom: its links would do nothing, and nobody would take them out again. @throws {UsageError} */
export function requireNetloom(file: string): void {
  if (sayVersion(file).startsWith("netloom ")) return;
  throw new UsageError(
    `${file} is no netloom`,
    "'FILE version' shows what it is; --executable takes one that was built by: npm run build",
  );
}

/** What a program answers to `version`; nothing where it cannot be run. */
function sayVersion(file: string): string {
  try {
    return Bun.spawnSync([file, "version"], { stdin: "ignore", stderr: "ignore" }).stdout.toString();
  } catch (error) {
    if (error instanceof Error && "code" in error) return "";
    throw error;
  }
}

const everyName = [...Object.keys(plugins), ...Object.keys(programs)];

/** The names that are meant: those that are given, or all plugins. @throws {UsageError} for one that there is not */
export function namesOf(words: readonly string[]): readonly string[] {
  const unknown = words.find((word) => !everyName.includes(word));
  if (unknown !== undefined) {
    const meant = nearest(unknown, everyName);
    throw new UsageError(
      `netloom has no plugin ${unknown}${meant === undefined ? "" : ` (did you mean ${meant}?)`}`,
      `it has ${everyName.join(", ")}`,
    );
  }
  return words.length === 0 ? Object.keys(plugins) : [...new Set(words)];
}

/** As {@link namesOf}; without words also the programs of whom `isThere` says that they were installed. @throws {UsageError} */
export function installedNamesOf(words: readonly string[], isThere: (name: string) => boolean): readonly string[] {
  return words.length > 0 ? namesOf(words) : [...namesOf([]), ...Object.keys(programs).filter(isThere)];
}
