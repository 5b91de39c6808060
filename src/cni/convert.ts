/** Results between netloom's one shape and those of the specification's versions: one table, from version to functions. */
import { Section, isObject } from "./conf.ts";
import { CniError, codes } from "./error.ts";
import type { JsonObject } from "./plugin.ts";
import type { Result } from "./result.ts";
import { parse020, print020 } from "./shapes/020.ts";
import { parse030, print030 } from "./shapes/030.ts";
import { parse100, print100 } from "./shapes/100.ts";
import { type SpecVersion, isSpecVersion, specVersions } from "./version.ts";

interface Shape {
  readonly parse: (section: Section) => Result;
  readonly print: (result: Result, version: string) => JsonObject;
}
const shape020: Shape = { parse: parse020, print: print020 };
const shape030: Shape = { parse: parse030, print: print030 };
const shape100: Shape = { parse: parse100, print: print100 };

const shapes: Readonly<Record<SpecVersion, Shape>> = {
  "0.1.0": shape020,
  "0.2.0": shape020,
  "0.3.0": shape030,
  "0.3.1": shape030,
  "0.4.0": shape030,
  "1.0.0": shape100,
  "1.1.0": shape100,
};

/**
 * Reads a result of any version: its own `cniVersion` counts, `fallback` (the configuration's) where it has none. `null` is
 * an empty result. `path` is where it stands, for errors.
 * @throws {CniError} 7 at what cannot be read, 1 for an unknown version
 */
export function parseResult(value: unknown, fallback: SpecVersion, path = ""): Result {
  if (value === null || value === undefined) return {};
  if (!isObject(value))
    throw new CniError(
      codes.undecodable,
      "cannot read a CNI result: it is no JSON object",
      path === "" ? undefined : `at ${path}: pass on what the plugin before answered`,
    );
  const section = new Section(value, path);
  const version = section.string("cniVersion") ?? "";
  return shapes[version === "" ? fallback : known(version, section.at("cniVersion"))].parse(section);
}

/**
 * The result as that version writes it, with the reference's order of keys; members that are `undefined` do not print.
 * @throws {CniError} 1 where the version cannot say it: 0.2.0 and older need an address
 */
export function printResult(result: Result, version: SpecVersion): JsonObject {
  return shapes[version].print(result, version);
}

function known(version: string, path: string): SpecVersion {
  if (isSpecVersion(version)) return version;
  throw new CniError(
    codes.incompatibleVersion,
    `cannot read a CNI result of version ${JSON.stringify(version)}`,
    `at ${path}: netloom knows ${specVersions.join(", ")}`,
  );
}
