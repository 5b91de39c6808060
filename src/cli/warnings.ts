import { type Lab, lackingFor, printIssue } from "../lab/index.ts";
import type { Terminal } from "./terminal.ts";

/** Says on standard error what looks like a mistake in a lab's file and is none for certain. */
export function tellWarnings(lab: Lab, terminal: Terminal): void {
  for (const issue of lab.warnings()) terminal.note(`netloom: warning: ${printIssue(issue)}`);
}

/** The same of what this host lacks, so that `up` would fail. */
export function tellLacking({ name, topology }: Lab, terminal: Terminal): void {
  if (terminal.quiet) return;
  for (const { says, fix } of lackingFor(topology)) {
    const hint = fix === undefined ? "" : ` (${fix})`;
    terminal.note(`netloom: warning: this host lacks what lab ${name} needs: ${says}${hint}`);
  }
}
