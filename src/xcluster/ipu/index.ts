import { type Printed, printed, refused } from "../printed.ts";
import { containsAddress } from "./contains.ts";
import { type Option, getoptLongOnly } from "./getopt.ts";
import { linklocal } from "./linklocal.ts";
import { makeip } from "./makeip.ts";

export { type MakeipOptions, makeip } from "./makeip.ts";

const help: Option = { name: "help", takesValue: false };
const strict: Option = { name: "strict", takesValue: false, exactly: true };
const valued = (name: string): Option => ({ name, takesValue: true });

/** The subcommands and their options. */
const known: Readonly<Record<string, readonly Option[]>> = {
  linklocal: [help, strict],
  makeip: [help, ...["cidr", "net", "host", "subnet", "ipv6template"].map(valued), strict],
  contains: [help, valued("cidr"), strict],
  version: [help],
  man: [help],
};

/**
 * The program `ipu` of nfqueue-loadbalancer: what it prints and its status, quirks included; only the texts for people are
 * netloom's own.
 * @param release - netloom's version
 */
export async function ipu(words: readonly string[], release: string): Promise<Printed> {
  const [name, ...rest] = words;
  if (name === undefined || name === "-h" || name === "--help") return printed((await people()).commandList);
  const options = Object.hasOwn(known, name) ? known[name] : undefined;
  if (options === undefined) return refused(`Unknown command [${name}]`);
  const line = getoptLongOnly(rest, options);
  if (line.options.some(([option]) => option === "help")) return printed((await people()).usageOf(name));
  if (line.fault !== undefined) return refused(`${name}: ${line.fault}`);
  if (name === "version") return printed(`netloom-${release}\n`);
  if (name === "man") return printed((await people()).manual);
  const given: Readonly<Record<string, string>> = Object.fromEntries(line.options);
  if (given["strict"] !== undefined) return (await import("./strict.ts")).strictly(name, given, line.positionals);
  return run(name, given, line.positionals);
}

/** A subcommand that computes, its command line read. */
function run(name: string, given: Readonly<Record<string, string>>, [first]: readonly string[]): Printed {
  if (name === "linklocal") return linklocal(first);
  const { cidr, net, host, subnet, ipv6template } = given;
  if (cidr === undefined) return refused("Missing option [--cidr]");
  return name === "contains" ? containsAddress(cidr, first) : makeip({ cidr, net, host, subnet, ipv6template });
}

/** `makeip` as `netns_test` calls it: words that a shell has split. */
export function makeipOf(words: readonly string[]): Printed {
  const line = getoptLongOnly(words, known["makeip"] ?? []);
  if (line.fault !== undefined) return refused(`makeip: ${line.fault}`);
  return run("makeip", Object.fromEntries(line.options), []);
}

const people = () => import("./texts.ts");
