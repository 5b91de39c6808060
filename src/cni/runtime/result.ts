import { CniError, codes } from "../error.ts";
import { parseResult, printResult } from "../convert.ts";
import type { JsonObject } from "../plugin.ts";
import type { SpecVersion } from "../version.ts";

/** What a plugin printed at ADD as a result of that version. @throws {CniError} 6 where it is none, 1 */
export function resultOf(stdout: string, version: SpecVersion): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(stdout);
  } catch (error) {
    const what = stdout.trim() === "" ? "it printed no result" : "what it printed is no JSON";
    throw new CniError(codes.undecodable, what, stdout.trim().slice(0, 200) || undefined, { cause: error });
  }
  try {
    return inVersion(value, version);
  } catch (error) {
    if (!(error instanceof CniError) || error.code !== codes.invalidConfig) throw error;
    // The reader of configurations found it, and says so.
    const what = error.message.replace(/^invalid network configuration: /, "");
    throw new CniError(codes.undecodable, `its result cannot be used: ${what}`, error.details, { cause: error });
  }
}

/** A result of any version in another one. @throws {CniError} 1, 7 */
export function inVersion(value: unknown, version: SpecVersion): JsonObject {
  // Through text, so that what is absent is not there either.
  return JSON.parse(JSON.stringify(printResult(parseResult(value, version), version))) as JsonObject;
}
