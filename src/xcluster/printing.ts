import { XclusterError } from "./error.ts";
import { explained } from "./explained.ts";
import { makeipOf } from "./ipu/index.ts";
import { podName } from "./names.ts";
import { type Printed, inTurn, printed, printedLines, refused } from "./printed.ts";
import type { Variables } from "./variables.ts";

/** A call of a printing command of `netns_test`. */
export interface PrintingCall {
  /** What follows the command and its options. */
  readonly args: readonly string[];
  /** The options that were given, by variable. */
  readonly options: Readonly<Record<string, string>>;
  /** With the options' values. */
  readonly variables: Variables;
  readonly hostname: string;
  /** The lines of the shuffled list, asked for only by who needs them. @throws {XclusterError} `missing-list` */
  readonly rndAddresses: () => readonly string[];
}

/** Output and status as the original's, quirks included. */
const asOriginal: Readonly<Record<string, (call: PrintingCall) => Printed>> = {
  prerequisites: () => printed(""),
  for: ({ args, variables }) => printedLines(numbersOf(args, variables)),
  name: ({ args, variables, hostname }) =>
    // The original hands its words on unquoted: an empty one is none, and the next takes its place.
    printedLines(
      numbersOf(split(args.slice(0, 2).join(" ")), variables).map((number) =>
        podName(variables.NAME_PREFIX, hostname, number),
      ),
    ),
  compute_address: ({ args: [name], variables }) => {
    if (!name) return refused("ERROR: Params missing");
    return inTurn(
      families(variables["__family"]).map((family) => address(variables, family, slotsOf(name))),
      0,
    );
  },
  address_pods: ({ args: [node, family], variables }) => {
    if (!node) return refused("ERROR: Parameter missing");
    const each = numbersOf([], variables).flatMap((pod) =>
      families(family).map((one) => address(variables, one, `--net=${node} --host=${pod}`)),
    );
    return inTurn(each, statusOfLast(each, family));
  },
  rndaddress_node: ({ args: [node, family], variables, rndAddresses }) => {
    if (!node) return refused("ERROR: Parameter missing");
    const [number = ""] = linesFrom(rndAddresses(), node);
    const each = families(family).map((one) => address(variables, one, `--host=${number}`));
    return inTurn(each, statusOfLast(each, family));
  },
  rndaddress_pods: ({ args: [node, family], variables, rndAddresses }) => {
    if (!node) return refused("ERROR: Parameter missing");
    const pods = Math.max(0, shellNumber(variables.NPODS));
    const first = (shellNumber(node) - 1) * pods + 1 + shellNumber(variables.__nvm);
    const numbers = linesFrom(rndAddresses(), String(first)).slice(0, pods);
    const each = numbers.flatMap((number) =>
      families(family).map((one) => address(variables, one, `--host=${number}`)),
    );
    return inTurn(each, 0);
  },
};

/**
 * The commands of `netns_test` that print and change nothing, by name. They throw only for faults of the system; what is wrong
 * with a call is in what they print.
 */
export const printing: Readonly<Record<string, (call: PrintingCall) => Printed>> = explained(asOriginal);

/** `makeip` with the words that a shell makes of the variables: unquoted, so blanks in them split. */
function address({ ADRTEMPLATE, PREFIX }: Variables, family: 4 | 6, slots: string): Printed {
  const template = family === 6 ? ` --ipv6template=${PREFIX}:0.0.0.0` : "";
  return makeipOf(split(`--cidr=${ADRTEMPLATE} ${slots} --subnet=2${template}`));
}

/** The words a shell makes of unquoted text. */
function split(text: string): readonly string[] {
  return text.split(/[ \t\n]+/).filter((word) => word !== "");
}

/** The first match becomes options, and the text around it stays: before it, it makes of `--net` a word that counts for nothing. */
function slotsOf(name: string): string {
  return name.replace(/vm-0*([0-9]+)-ns0*([0-9]+)/, "--net=$1 --host=$2");
}

/** Those to print: 4 or 6 is that one alone, anything else both. */
function families(word: string | undefined): readonly (4 | 6)[] {
  if (word === "4") return [4];
  return word === "6" ? [6] : [4, 6];
}

/** The original's status is that of the last thing it evaluated: with family 4 the test whether IPv6 is wanted. */
function statusOfLast(each: readonly Printed[], family: string | undefined): number {
  return family === "4" && each.length > 0 ? 1 : (each.at(-1)?.exit ?? 0);
}

/** `tail -n +LINE`: from this line on; 0 counts as 1, and what is no number shows nothing. */
function linesFrom(all: readonly string[], line: string): readonly string[] {
  return /^[0-9]+$/.test(line) ? all.slice(Math.max(0, Number(line) - 1)) : [];
}

/** Numbers of pods: `[count] [first]`, by default all of the node. */
function numbersOf([count, first]: readonly string[], { NPODS }: Variables): readonly number[] {
  const from = first ? shellNumber(first) : 1;
  const length = Math.max(0, shellNumber(count || NPODS));
  if (length > MOST) throw new XclusterError("bad-number", `${length} are too many numbers: at most ${MOST}`);
  return Array.from({ length }, (_, at) => from + at);
}
const MOST = 1_000_000;

/** A decimal number in a shell's arithmetic; a word is a variable that is not set, and so 0. */
function shellNumber(text: string): number {
  return /^[+-]?[0-9]+$/.test(text) ? Number(text) : 0;
}
