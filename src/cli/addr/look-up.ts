import {
  type AddressTemplate,
  type Ip,
  lastOf,
  parseIp,
  parsePrefix,
  prefixIp,
  prefixLength,
  templateSlots,
  templateWhole,
} from "../../values/index.ts";
import { XclusterError } from "../../xcluster/index.ts";
import { UsageError } from "../usage.ts";
import { type HostAddress, hostAddress } from "./address-view.ts";

/** What of some words are addresses of the templates, and what are not. */
export interface Findings {
  readonly found: readonly HostAddress[];
  readonly missing: readonly Ip[];
}

/** Looks each address up in the first template that has it. @throws {ValueError} @throws {UsageError} for a length that is not the template's */
export function findAll(templates: readonly AddressTemplate[], words: readonly string[]): Findings {
  const looked = words.map((word) => {
    const prefix = word.includes("/") ? parsePrefix(word) : undefined;
    const ip = prefix === undefined ? parseIp(word) : prefixIp(prefix);
    for (const template of templates) {
      const slots = templateSlots(template, ip);
      if (slots === undefined) continue;
      if (prefix !== undefined && prefixLength(prefix) !== template.inner) {
        throw new UsageError(`${word}: addresses of ${template.text} have length ${template.inner}`);
      }
      return { ip, found: hostAddress(template, slots.net, slots.host) };
    }
    return { ip };
  });
  return {
    found: looked.flatMap(({ found }) => found ?? []),
    missing: looked.flatMap(({ ip, found }) => (found === undefined ? ip : [])),
  };
}

/** @throws {XclusterError} `not-matched`, where some are missing */
export function requireAll(templates: readonly AddressTemplate[], missing: readonly Ip[]): void {
  if (missing.length === 0) return;
  const room = templates.map((template) => {
    const whole = templateWhole(template);
    return `${template.text} has ${prefixIp(whole)} to ${lastOf(whole)}`;
  });
  const [what, verb] = [missing.join(", "), missing.length === 1 ? "is" : "are"];
  throw new XclusterError("not-matched", `${what} ${verb} not of the template`, room.join("; "));
}
