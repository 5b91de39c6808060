import { type Addresses, addressesAt, addressesOfPod, shuffledAddresses } from "./addresses.ts";
import { XclusterError } from "./error.ts";
import { explained } from "./explained.ts";
import { podNames } from "./names.ts";
import { wholeNumber } from "./node.ts";
import type { Printed } from "./printed.ts";
import type { PrintingCall } from "./printing.ts";
import { familyOfWord, settingsOf } from "./settings.ts";
import { parseShuffled } from "./shuffled-file.ts";
import { requireRoom, sliceOf } from "./slices.ts";
import { isOption } from "./variables.ts";

type Strict = (call: PrintingCall) => readonly string[];

/** To the lines that are to be printed. @throws {XclusterError} @throws {ValueError} */
const commands: Readonly<Record<string, Strict>> = {
  prerequisites: (call) => argsOf(call, 0),
  for: (call) => rangeOf(call).map(String),
  name: (call) => {
    const { variables, hostname } = call;
    const numbers = rangeOf(call);
    const range = { namePrefix: variables.NAME_PREFIX, hostname, count: numbers.length, first: numbers[0] ?? 1 };
    return podNames(range);
  },
  compute_address: (call) => {
    const [name] = argsOf(call, 1);
    if (name === undefined) throw missing("POD", "a pod's name, like vm-002-ns03");
    const { templates, family } = settingsOf(call.variables);
    return wanted(addressesOfPod(templates, name), family);
  },
  address_pods: (call) => {
    const { node, family } = nodeOf(call);
    const { templates, pods } = settingsOf(call.variables);
    return Array.from({ length: pods }, (_, at) => wanted(addressesAt(templates, node, at + 1), family)).flat();
  },
  rndaddress_node: (call) => randomOf(call, ({ own }) => [own]),
  rndaddress_pods: (call) => randomOf(call, ({ pods }) => pods),
};

/** The printing commands with `--strict`: what is not exactly right is refused, with how to write it. */
export const strictPrinting: Readonly<Record<string, (call: PrintingCall) => Printed>> = explained(commands);

function randomOf(
  call: PrintingCall,
  numbersOf: (slice: ReturnType<typeof sliceOf>) => readonly number[],
): readonly string[] {
  const { node, family } = nodeOf(call);
  const { templates, pods, nodes } = settingsOf(call.variables);
  const list = parseShuffled(`${call.rndAddresses().join("\n")}\n`, "the shuffled list");
  const division = { nodes, pods };
  const slice = sliceOf(list, division, node);
  requireRoom(list, division, templates);
  return numbersOf(slice).flatMap((number) => wanted(shuffledAddresses(templates, number), family));
}

/** Addresses of the one family that is wanted, or all. */
function wanted(addresses: Addresses, family: 4 | 6 | undefined): readonly string[] {
  const shown = addresses.filter((address) => family === undefined || address.includes(":") === (family === 6));
  if (shown.length > 0) return shown;
  throw new XclusterError("bad-variable", `ADRTEMPLATE is IPv6 alone, and IPv${family} is asked for`);
}

function nodeOf(call: PrintingCall): { readonly node: number; readonly family: 4 | 6 | undefined } {
  const [node, family] = argsOf(call, 2);
  if (node === undefined) throw missing("NODE", "a node's number");
  return { node: wholeNumber("node", node), family: family === undefined ? undefined : familyOfWord("family", family) };
}

function rangeOf(call: PrintingCall): readonly number[] {
  const [count, first] = argsOf(call, 2);
  const length = wholeNumber("count", count || call.variables.NPODS, 0, 65_536);
  const from = wholeNumber("first", first || "1");
  return Array.from({ length }, (_, at) => from + at);
}

function argsOf({ args, options }: PrintingCall, most: number): readonly string[] {
  const unknown = Object.keys(options).find((name) => !isOption(name));
  if (unknown !== undefined) {
    throw new XclusterError("bad-variable", `there is no option --${unknown.slice(2).replaceAll("_", "-")}`);
  }
  if (args.length <= most) return args;
  throw new XclusterError("bad-number", `"${args.slice(most).join(" ")}" is too much: at most ${most} words are read`);
}

function missing(what: string, meaning: string): XclusterError {
  return new XclusterError("bad-number", `${what} is missing: ${meaning}`);
}
