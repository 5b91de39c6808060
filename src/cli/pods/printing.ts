import { writeText } from "../../sys/stream.ts";
import { printing } from "../../xcluster/printing.ts";
import { variablesOf, wordsOf } from "../../xcluster/variables.ts";

/** Prints what a printing command says; returns its status. Loads what is strict, and the shuffled list, only where they are needed. */
export async function print(name: string, words: readonly string[], hostname: string): Promise<number> {
  const { options, rest } = wordsOf(words);
  const strict = options["__strict"] !== undefined;
  const commands = strict ? (await import("../../xcluster/strict-printing.ts")).strictPrinting : printing;
  const command = commands[name];
  if (command === undefined) throw new TypeError(`${name} prints nothing`);
  const { readShuffledLines } = name.startsWith("rnd") ? await import("../../xcluster/shuffled-file.ts") : noList;
  const { stdout, stderr, exit } = command({
    args: rest,
    options,
    variables: variablesOf(process.env, options),
    hostname,
    rndAddresses: readShuffledLines,
  });
  writeText(2, stderr, "write to standard error");
  writeText(1, stdout, "write to standard output");
  return exit;
}

const noList = { readShuffledLines: () => [] };
