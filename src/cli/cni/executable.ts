import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { plugins } from "../../plugins/index.ts";
import { UsageError } from "../usage.ts";

/** Other programs the executable is; installed only when they are asked for. */
const PROGRAMS = ["cnitool", "ipu", "netns_test"];

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

/** The plugins that are meant: those that are named, or all. @throws {UsageError} for one that there is not */
export function namesOf(words: readonly string[]): readonly string[] {
  const known = [...Object.keys(plugins), ...PROGRAMS];
  const unknown = words.find((word) => !known.includes(word));
  if (unknown !== undefined) throw new UsageError(`netloom has no plugin ${unknown}`, `it has ${known.join(", ")}`);
  return words.length === 0 ? Object.keys(plugins) : [...new Set(words)];
}
