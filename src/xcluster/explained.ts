import { ValueError } from "../values/index.ts";
import { XclusterError } from "./error.ts";
import { type Printed, refused } from "./printed.ts";

/** What a command prints, or what is printed of an error that says how to mend it. Others are thrown again. */
export function orExplained(command: () => Printed): Printed {
  try {
    return command();
  } catch (error) {
    if (error instanceof XclusterError) {
      return refused(`ERROR: ${error.message}${error.hint === undefined ? "" : `\n  ${error.hint}`}`);
    }
    if (error instanceof ValueError) return refused(`ERROR: ${error.message}`);
    throw error;
  }
}
