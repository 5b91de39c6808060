import { writeText } from "../../sys/index.ts";
import {
  type Printed,
  type PrintingCall,
  XclusterError,
  readShuffledLines,
  refused,
  variablesOf,
  wordsOf,
} from "../../xcluster/index.ts";
import { printing } from "../../xcluster/printing.ts";

/** Prints what a printing command says; returns its status. */
export function print(name: string, words: readonly string[], hostname: string): number {
  const command = printing[name];
  if (command === undefined) throw new TypeError(`${name} prints nothing`);
  const { options, rest } = wordsOf(words);
  const { stdout, stderr, exit } = said(command, {
    args: rest,
    options,
    variables: variablesOf(process.env, options),
    hostname,
    rndAddresses: () => readShuffledLines(),
  });
  writeText(2, stderr, "write to standard error");
  writeText(1, stdout, "write to standard output");
  return exit;
}

function said(command: (call: PrintingCall) => Printed, call: PrintingCall): Printed {
  try {
    return command(call);
  } catch (error) {
    if (error instanceof XclusterError) return refused(`ERROR: ${error.message}`);
    throw error;
  }
}
