/** What a printing program leaves: its two streams and its exit status. */
export interface Printed {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Success with this text on standard output. */
export function printed(stdout: string): Printed {
  return { exit: 0, stdout, stderr: "" };
}

/** Success with these lines on standard output. */
export function printedLines(lines: readonly (string | number)[]): Printed {
  return printed(lines.map((line) => `${line}\n`).join(""));
}

/** Failure with one line on standard error and nothing on standard output. */
export function refused(line: string, exit = 1): Printed {
  return { exit, stdout: "", stderr: `${line}\n` };
}

/** What programs that run one after the other leave: all their text, and the status of the last. */
export function inTurn(parts: readonly Printed[], exit = parts.at(-1)?.exit ?? 0): Printed {
  const text = (stream: "stdout" | "stderr"): string => parts.map((part) => part[stream]).join("");
  return { exit, stdout: text("stdout"), stderr: text("stderr") };
}
