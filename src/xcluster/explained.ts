import { ValueError } from "../values/index.ts";
import { XclusterError } from "./error.ts";
import { type Printed, printedLines, refused } from "./printed.ts";

/**
 * Commands that answer with what they print, or with its lines: so that they also print what is wrong and how to mend it. Errors
 * that do not say that are thrown again.
 */
export function explained<Call>(
  commands: Readonly<Record<string, (call: Call) => Printed | readonly string[]>>,
): Readonly<Record<string, (call: Call) => Printed>> {
  const table: Record<string, (call: Call) => Printed> = {};
  for (const [name, command] of Object.entries(commands)) table[name] = (call) => orExplained(() => command(call));
  return table;
}

function orExplained(command: () => Printed | readonly string[]): Printed {
  try {
    const answer = command();
    return "exit" in answer ? answer : printedLines(answer);
  } catch (error) {
    if (error instanceof XclusterError) {
      return refused(`ERROR: ${error.message}${error.hint === undefined ? "" : `\n  ${error.hint}`}`);
    }
    if (error instanceof ValueError) return refused(`ERROR: ${error.message}`);
    throw error;
  }
}
