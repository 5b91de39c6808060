import type { ExitCode } from "./exit-codes.ts";
import type { Flags, Values } from "./flags.ts";
import type { Terminal } from "./terminal.ts";

/** What a command is called with. */
export interface Call<F extends Flags> {
  readonly args: readonly string[];
  readonly flags: Values<F>;
  readonly terminal: Terminal;
}

/** Commands with a common first word: `cni add` and `cni del` are of the group `cni`. */
export interface CommandGroup {
  readonly name: string;
  readonly about: string;
  /** For the group's help: what its commands have in common. */
  readonly notes?: string;
}

/** A command: what its help, completion and reference page are made of, and what it does. */
export interface Command<F extends Flags = Flags> {
  /** One word, or that of its group and its own: `cni add`. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Understood and not shown: containerlab's short forms. */
  readonly silentAliases?: readonly string[];
  /** What follows its first argument is not netloom's to read. */
  readonly passesOn?: true;
  /** For the shell's completion only. */
  readonly hidden?: true;
  readonly about: string;
  /** As in a usage line: `[NAME]`, `[FILE...]`. */
  readonly args?: string;
  /** What to complete its arguments with. */
  readonly completes?: "lab" | "labs" | "target" | "attachment" | "file" | "shell" | "none";
  readonly flags: F;
  /** Command lines after `netloom`, and what they do. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** Those that are particular to it; 0, 1 and 2 go without saying. */
  readonly exits?: readonly ExitCode[];
  /** More for the help. */
  readonly notes?: string;
  /** Loads what it needs by itself. Answers with its exit code; 0 when it has none. */
  readonly run: (call: Call<F>) => Promise<number | void> | number | void;
}

/** Lets the types of the flags reach `run`. */
export function command<const F extends Flags>(definition: Command<F>): Command {
  return definition as unknown as Command;
}
