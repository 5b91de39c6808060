import {
  ValueError,
  contains,
  embedTemplate,
  eui64Ip,
  linkLocalPrefix,
  makePrefix,
  parseIp,
  parseMac,
  parsePrefix,
  parseTemplate,
  prefixIp,
  templatePrefix,
} from "../../values/index.ts";
import { XclusterError } from "../error.ts";
import { wholeNumber } from "../node.ts";
import { type Printed, printed, refused } from "../printed.ts";

type Given = Readonly<Record<string, string>>;

/** A subcommand with `--strict`: the same output, but what is not exactly right is refused, with how to write it. */
export function strictly(name: string, given: Given, words: readonly string[]): Printed {
  try {
    if (name === "makeip") return makeip(given, words);
    if (name === "contains") {
      const inside = contains(parsePrefix(required(given, "cidr")), parseIp(only(words, "ADDRESS")));
      return { exit: inside ? 0 : 1, stdout: "", stderr: "" };
    }
    return printed(`${eui64Ip(linkLocalPrefix, parseMac(only(words, "MAC")))}\n`);
  } catch (error) {
    if (error instanceof ValueError || error instanceof XclusterError) return refused(error.message);
    throw error;
  }
}

function makeip(given: Given, words: readonly string[]): Printed {
  none(words);
  const { net = "0", host = "0", subnet, ipv6template } = given;
  const plain = parseTemplate(required(given, "cidr"));
  const template = ipv6template === undefined ? plain : embedTemplate(ipv6template, plain);
  const prefix = templatePrefix(template, wholeNumber("--net", net), wholeNumber("--host", host));
  if (subnet === undefined) return printed(`${prefixIp(prefix)}\n`);
  const which = wholeNumber("--subnet", subnet, 1, 2);
  return printed(`${which === 1 ? makePrefix(prefixIp(prefix), template.outer) : prefix}\n`);
}

function required(given: Given, option: string): string {
  const value = given[option];
  if (value === undefined) throw new XclusterError("bad-variable", `Missing option [--${option}]`);
  return value;
}

function only([first, ...more]: readonly string[], what: string): string {
  if (first === undefined) throw new XclusterError("bad-variable", `${what} is missing`);
  none(more);
  return first;
}

function none(words: readonly string[]): void {
  if (words.length > 0) throw new XclusterError("bad-variable", `"${words.join(" ")}" is too much`);
}
