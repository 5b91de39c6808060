import { writeSync } from "node:fs";
import { type Progress, type Style, plain, startProgress, styleFor, wantsUnicode } from "../output/index.ts";
import { terminalColumns } from "../sys/index.ts";
import { say } from "./say.ts";

/** Where a command's words go: data to standard output, everything else to standard error. */
export interface Terminal {
  readonly out: (text: string) => void;
  /** A line for people; none with `--quiet`. */
  readonly note: (line: string) => void;
  /** For what goes to standard output. */
  readonly style: Style;
  /** Columns; absent when standard output is no terminal. */
  readonly width?: number;
  readonly ascii: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Both a person can answer here and they see the question. */
  readonly interactive: boolean;
  readonly progress: () => Progress;
}

export interface TerminalFlags {
  readonly color: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** The process's own terminal. */
export function openTerminal({ color, quiet, verbose }: TerminalFlags): Terminal {
  const [outTty, errTty] = [isTerminal(1), isTerminal(2)];
  const { env } = process;
  const flag = color ? {} : { flag: false };
  const ascii = !wantsUnicode(env);
  const width = outTty ? columns() : undefined;
  let drawn: Progress | undefined;
  return {
    out: (text) => writeAll(1, text),
    note: (line) => {
      drawn?.clear();
      if (!quiet) say(line);
    },
    style: styleFor({ env, tty: outTty, ...flag }),
    ...(width === undefined ? {} : { width }),
    ascii,
    quiet,
    verbose,
    interactive: isTerminal(0) && errTty,
    progress: () =>
      (drawn = startProgress({
        tty: errTty && !quiet,
        ascii,
        style: color ? styleFor({ env, tty: errTty }) : plain,
        ...(errTty ? { width: columns() } : {}),
      })),
  };
}

// Not node:tty or process.stdout: they take 4 and 11 ms to load.
const isTerminal = (fd: number): boolean => terminalColumns(fd) !== undefined;

function columns(): number {
  const given = Number(process.env["COLUMNS"]);
  return Number.isInteger(given) && given > 0 ? given : terminalColumns(1) || terminalColumns(2) || 80;
}

/** Writes all of it now; a reader that has gone (`netloom ls | head -1`) ends the program as SIGPIPE would. */
function writeAll(fd: number, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EPIPE") process.exit(141);
      if (code !== "EAGAIN") throw error;
      Bun.sleepSync(1);
    }
  }
}
