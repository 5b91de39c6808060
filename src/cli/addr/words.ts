import { type AddressTemplate, embedTemplate, parseTemplate } from "../../values/index.ts";
import type { Range } from "../../xcluster/index.ts";
import type { Flag, Given } from "../flags.ts";
import { text } from "../flags.ts";
import { UsageError } from "../usage.ts";

/** `--ipv6`, for commands with an IPv4 template. */
export const ipv6 = text(
  "TEMPLATE",
  "IPv6 as well: a template of its own, or an address whose low 32 bits are replaced",
);

/** The templates that are meant: the one that is named, and with `--ipv6` another. @throws {ValueError} @throws {UsageError} */
export function templatesOf(word: string, other: string | undefined): readonly AddressTemplate[] {
  const template = parseTemplate(word);
  if (other === undefined) return [template];
  if (template.family === 6) throw new UsageError(`--ipv6 ${other}: ${word} is IPv6 already`, "leave --ipv6 out");
  const second = other.includes("/") ? parseTemplate(other) : embedTemplate(other, template);
  if (second.family === 6) return [template, second];
  throw new UsageError(`--ipv6 ${other} is IPv4`, "give an IPv6 template or address");
}

/** One number of a slot: a whole number of any size. */
export function slot(about: string): Flag<bigint> {
  const read = (given: Given, flag: string): bigint => {
    const word = wordOf(given) ?? "0";
    if (decimal.test(word)) return BigInt(word);
    throw new UsageError(`${flag} ${word}: give a whole number`);
  };
  return { about, value: "N", otherwise: "0", read };
}

/** Some numbers of a slot: `7`, or `7-9`. */
export function slots(about: string): Flag<Range | undefined> {
  const read = (given: Given, flag: string): Range | undefined => {
    const word = wordOf(given);
    if (word === undefined) return undefined;
    const [first = "", last = first, ...more] = word.split("-");
    if (decimal.test(first) && decimal.test(last) && more.length === 0 && BigInt(first) <= BigInt(last)) {
      return { first: BigInt(first), last: BigInt(last) };
    }
    throw new UsageError(`${flag} ${word}: give a whole number, or a range of them like 1-9`);
  };
  return { about, value: "N[-M]", read };
}

const decimal = /^(0|[1-9][0-9]{0,39})$/;

function wordOf(given: Given): string | undefined {
  return typeof given === "object" ? given.at(-1) : typeof given === "string" ? given : undefined;
}
