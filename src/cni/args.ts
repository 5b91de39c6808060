import type { Reader } from "./conf.ts";
import { CniError, codes } from "./error.ts";

/** Values of `CNI_ARGS` by key. */
export type Args = { readonly [key: string]: string | undefined };

/**
 * Reads `CNI_ARGS` (`K=V;K2=V2`) strictly: keys are case-sensitive, and one that is not `known` is an error unless
 * `IgnoreUnknown` is 1 or true. The later of two wins.
 * @throws {CniError} 4
 */
export function parseArgs(text: string, known: readonly string[]): Args {
  if (text === "") return {};
  const found: Record<string, string> = {};
  for (const pair of text.split(";")) {
    const [key = "", value, ...rest] = pair.split("=");
    if (value === undefined || rest.length > 0) {
      throw new CniError(
        codes.badEnvironment,
        `cannot read CNI_ARGS: ${JSON.stringify(pair)} is no pair`,
        `CNI_ARGS=${JSON.stringify(text)}: write KEY=VALUE;KEY=VALUE, without a semicolon at the end`,
      );
    }
    found[key] = value;
  }
  const unknown = Object.keys(found).filter((key) => key !== "IgnoreUnknown" && !known.includes(key));
  if (unknown.length > 0 && !isTrue(found["IgnoreUnknown"])) {
    throw new CniError(
      codes.badEnvironment,
      `cannot use CNI_ARGS: unknown ${unknown.map((key) => `${key}=${found[key]}`).join(", ")}`,
      `this plugin knows ${[...known, "IgnoreUnknown"].join(", ")}; with IgnoreUnknown=1 it passes over the others`,
    );
  }
  return found;
}

/** The value of a key of `CNI_ARGS`, read as one of a configuration; `fix` says what to write. @throws {CniError} 4 */
export function readArg<T>(key: string, text: string, reader: Reader<T>, fix: string): T {
  try {
    return reader(text, `CNI_ARGS.${key}`);
  } catch (error) {
    if (!(error instanceof CniError)) throw error;
    throw new CniError(
      codes.badEnvironment,
      error.message.replace("invalid network configuration", "cannot use CNI_ARGS"),
      fix,
      { cause: error },
    );
  }
}

/** A boolean as CNI_ARGS writes it. @throws {CniError} 4 */
function isTrue(value: string | undefined): boolean {
  switch (value?.toLowerCase()) {
    case undefined:
    case "0":
    case "false":
      return false;
    case "1":
    case "true":
      return true;
    default:
      throw new CniError(
        codes.badEnvironment,
        `cannot read CNI_ARGS: IgnoreUnknown is ${JSON.stringify(value)}`,
        "write 1, true, 0 or false",
      );
  }
}
