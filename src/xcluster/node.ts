import { isDigits } from "../values/index.ts";
import { XclusterError } from "./error.ts";

/**
 * The number of the node with this host name: the number after the first dash, `vm-003` is 3.
 * @param override - `--node=N`, for hosts that are named otherwise
 * @throws {XclusterError} `bad-hostname`, `bad-number`
 */
export function nodeNumberOf(hostname: string, override?: string): number {
  if (override !== undefined) return wholeNumber("--node", override, 1);
  const [label = ""] = hostname.split(".", 1);
  const [, digits] = label.split("-");
  if (digits !== undefined && isDigits(digits) && Number(digits) > 0 && Number(digits) < 1e9) {
    return Number(digits);
  }
  throw new XclusterError(
    "bad-hostname",
    `the host name ${hostname} says no node's number`,
    "nodes are named like vm-001; --node=N says which one this is",
  );
}

/** The host name of the node with this number: `vm-003`. */
export function hostnameOf(node: number): string {
  return `vm-${String(node).padStart(3, "0")}`;
}

/** A decimal number in a range. @throws {XclusterError} `bad-number` */
export function wholeNumber(what: string, text: string, least = 0, most = 2 ** 31 - 1): number {
  const number = Number(text);
  if (isDigits(text) && text.length <= 10 && number >= least && number <= most) return number;
  throw new XclusterError("bad-number", `${what} "${text}" is not a whole number from ${least} to ${most}`);
}
