import { readSync, writeSync } from "node:fs";
import type { Terminal } from "./terminal.ts";

/** Asks a yes-or-no question; without a terminal, or with `--yes`, nobody is asked and the answer is yes. */
export function agrees({ interactive }: Pick<Terminal, "interactive">, question: string, yes: boolean): boolean {
  if (yes || !interactive) return true;
  writeSync(2, `${question} [y/N] `);
  const answer = new Uint8Array(64);
  const length = readSync(0, answer);
  return /^y(es)?$/i.test(new TextDecoder().decode(answer.subarray(0, length)).trim());
}
