/** The texts of `ipu` for people; their words are netloom's. */
interface Text {
  /** After the program's name, and what it does. */
  readonly usage: string;
  readonly options: readonly (readonly [name: string, meaning: string])[];
}

/** `--help` of each subcommand that has options or arguments. */
export const texts: Readonly<Record<string, Text>> = {
  linklocal: {
    usage: "linklocal MAC\n  The IPv6 link-local address that an interface with this MAC gives itself (EUI-64).",
    options: [],
  },
  makeip: {
    usage:
      "makeip --cidr=ADDRESS/A/B [options]\n  The address of a host in a net: nets are numbered in the bits from A to B, hosts after.",
    options: [
      ["cidr", "template with two lengths, like 172.16.0.0/16/24 (required)"],
      ["net", "number of the net (0)"],
      ["host", "number of the host (0)"],
      ["subnet", "print a length as well: 1 the first, 2 the second"],
      ["ipv6template", "print IPv6: this address, its low 32 bits replaced"],
    ],
  },
  contains: {
    usage:
      "contains --cidr=ADDRESS/LENGTH ADDRESS\n  Status 0 where the address is within the range, 1 where it is not.",
    options: [["cidr", "the range (required)"]],
  },
  version: { usage: "version\n  The version.", options: [] },
  man: { usage: "man\n  The manual.", options: [] },
};

/** What a subcommand answers to `--help`. */
export function usageOf(name: string): string {
  const { usage, options } = texts[name] ?? { usage: name, options: [] };
  const rows = options.map(([option, meaning]) => `  --${option}= ${meaning}`);
  return `${[usage, ...rows, ...(computes.has(name) ? [STRICT] : [])].join("\n")}\n`;
}

const computes: ReadonlySet<string> = new Set(["linklocal", "makeip", "contains"]);
const STRICT = "  --strict refuse what is not exactly right; netloom's own";

/** The subcommands, in the order of the list. */
export const names: readonly string[] = ["linklocal", "makeip", "contains", "version", "man"];

/** What `ipu` answers alone. */
export const commandList = `Usage: ipu COMMAND [options]\nCommands:\n${names.map((name) => `  ${name}\n`).join("")}`;

/** `ipu man`. */
export const manual = `NAME
  ipu - addresses by number

DESCRIPTION
  A template has two lengths: 172.16.0.0/16/24. The bits before the first are
  fixed, the bits between them number nets, the bits after the second number
  hosts. Net 2, host 3 of this one is 172.16.2.3.

  makeip     prints the address of a net and a host. With --ipv6template it is
             put into the low 32 bits of an IPv6 address. IPv6 templates have
             their first length from 97 on; 'netloom addr make' has no such limit.
  contains   tells by its status whether a range has an address.
  linklocal  prints the IPv6 link-local address of a MAC.

  Numbers are read as C reads them: what follows the digits does not count, and
  no digits are 0. --strict refuses that, and so does 'netloom addr'.

EXAMPLES
  $ ipu makeip --cidr=172.16.0.0/16/24 --net=2 --host=3 --subnet=2
  172.16.2.3/24
  $ ipu makeip --cidr=172.16.0.0/16/24 --net=2 --host=3 --subnet=2 --ipv6template=1000::1:0.0.0.0
  1000::1:ac10:203/120
  $ ipu contains --cidr=172.16.0.0/16 172.16.2.3 && echo inside
  inside
  $ ipu linklocal 00:00:00:01:01:01
  fe80::200:ff:fe01:101

SEE ALSO
  netloom addr --help: the same and more, with clear errors and JSON.
`;
