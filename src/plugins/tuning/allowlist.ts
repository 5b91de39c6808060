import { CniError, codes } from "../../cni/index.ts";
import { readSmall } from "../../sys/index.ts";
import type { SysctlWish } from "./schema.ts";

/** As in the reference: regular expressions, one a line, that match anywhere in a key. */
const ALLOWLIST = "/etc/cni/tuning/allowlist.conf";

/** Refuses parameters that no line allows; without the file all are allowed. @throws {CniError} 7 */
export function checkAllowed(sysctls: readonly SysctlWish[]): void {
  if (sysctls.length === 0) return;
  const text = readSmall(ALLOWLIST);
  if (text !== undefined) checkAgainst(text, sysctls);
}

/** As {@link checkAllowed}, by the text of such a file. @throws {CniError} 7 */
export function checkAgainst(text: string, sysctls: readonly SysctlWish[]): void {
  const lines = text.split("\n").map((line) => line.trim());
  const allowed = lines.flatMap((line, i) => (line === "" ? [] : [expressionOf(line, i + 1)]));
  for (const { key, path } of sysctls) {
    if (allowed.some((expression) => expression.test(key))) continue;
    throw new CniError(
      codes.invalidConfig,
      `cannot set ${key}: ${ALLOWLIST} does not allow it`,
      `at ${path}: it allows ${lines.filter((line) => line !== "").join(" ") || "nothing"}; add a line for it, or take the parameter out`,
    );
  }
}

function expressionOf(line: string, number: number): RegExp {
  try {
    return new RegExp(line, "u");
  } catch (error) {
    throw new CniError(
      codes.invalidConfig,
      `cannot read ${ALLOWLIST}: line ${number} is no regular expression`,
      `${JSON.stringify(line)}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}
