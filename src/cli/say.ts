import { SysError, writeText } from "../sys/index.ts";

/** A line for people. That nobody listens any more, or that it cannot be kept, stops nothing that is under way. */
export function say(line: string): void {
  try {
    writeText(2, `${line}\n`, "write to standard error");
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
}
