import { printing } from "../../xcluster/printing.ts";
import { variablesOf, wordsOf } from "../../xcluster/variables.ts";

/**
 * Prints what a printing command says; returns its status. What is strict, the shuffled list, the host name and system calls are
 * loaded only where they are needed.
 */
export async function print(name: string, words: readonly string[]): Promise<number> {
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
    hostname: name === "name" ? (await import("./hostname.ts")).hostname() : "",
    rndAddresses: readShuffledLines,
  });
  // Not console.error, which paints on terminals.
  if (stderr !== "") (await import("../../sys/stream.ts")).writeText(2, stderr, "write to standard error");
  if (stdout !== "") console.log(stdout.slice(0, -1));
  return exit;
}

const noList = { readShuffledLines: () => [] };
