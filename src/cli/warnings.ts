import { type Lab, printIssue } from "../lab/index.ts";
import type { Terminal } from "./terminal.ts";

/** Says on standard error what looks like a mistake in a lab's file and is none for certain. */
export function tellWarnings(lab: Lab, terminal: Terminal): void {
  for (const issue of lab.warnings()) terminal.note(`netloom: warning: ${printIssue(issue)}`);
}
