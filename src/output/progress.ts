import { cut, visible } from "./text.ts";
import { plain } from "./style.ts";
import type { Style } from "./style.ts";

/** One line that says what is going on; gone when disposed. */
export interface Progress extends Disposable {
  /** Begins a step; `total` is how many {@link Progress.advance} are to come, when that is known. */
  readonly step: (name: string, total?: number) => void;
  /** Counts `by` (1) more done in this step. Cheap: draws at most every 80 ms. */
  readonly advance: (by?: number) => void;
  /** Prints a whole line above the progress line, on a terminal or not. */
  readonly log: (line: string) => void;
  /** Removes the line; a later step draws it again. */
  readonly clear: () => void;
}

export interface ProgressOptions {
  /** Whether standard error is a terminal. When not, nothing but logs is written. */
  readonly tty: boolean;
  /** Columns of the terminal, 80 when absent. */
  readonly width?: number;
  readonly style?: Style;
  /** Draw with ASCII only. */
  readonly ascii?: boolean;
  /** Writes at once, before returning; standard error when absent. */
  readonly write?: (text: string) => void;
  /** Milliseconds on a clock that never goes back; `performance.now` when absent. */
  readonly now?: () => number;
}

const interval = 80;
const barWidth = 20;
// Carriage return, then ECMA-48 section 8.3.41: erase the whole line.
const eraseLine = "\r\u001b[2K";

/** Progress on standard error, drawn by its own calls and no timer, so it works while nothing else can run. */
export function startProgress(options: ProgressOptions): Progress {
  const { tty, width = 80, style = plain, write = writeNow, now = () => performance.now() } = options;
  const glyphs = options.ascii === true ? asciiGlyphs : unicodeGlyphs;
  let current: { readonly name: string; readonly total?: number; done: number } | undefined;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let shown = false;
  let frame = 0;

  const draw = (): void => {
    if (!tty || current === undefined) return;
    drawnAt = now();
    shown = true;
    const spinner = glyphs.spinner[frame++ % glyphs.spinner.length] ?? "";
    const rest = cut(` ${current.name}${countOf(current, glyphs)}`, width - 2);
    write(`${eraseLine}${style.paint("good", spinner)}${rest}`);
  };
  const clear = (): void => {
    if (shown) write(eraseLine);
    shown = false;
  };
  return {
    step: (name, total) => {
      current = { name: visible(name), done: 0, ...(total === undefined ? {} : { total }) };
      draw();
    },
    advance: (by = 1) => {
      if (current === undefined) return;
      current.done += by;
      if (now() - drawnAt >= interval) draw();
    },
    log: (line) => {
      const redraw = shown;
      clear();
      write(`${line}\n`);
      if (redraw) draw();
    },
    clear,
    [Symbol.dispose]: clear,
  };
}

interface Glyphs {
  readonly spinner: readonly string[];
  readonly full: string;
  readonly empty: string;
}

const unicodeGlyphs: Glyphs = { spinner: Array.from("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"), full: "█", empty: "░" };
const asciiGlyphs: Glyphs = { spinner: ["|", "/", "-", "\\"], full: "#", empty: "." };

function countOf(step: { readonly total?: number; readonly done: number }, glyphs: Glyphs): string {
  if (step.total === undefined) return step.done > 0 ? ` ${step.done}` : "";
  const share = step.total > 0 ? Math.min(1, step.done / step.total) : 1;
  const full = Math.floor(share * barWidth);
  return ` ${glyphs.full.repeat(full)}${glyphs.empty.repeat(barWidth - full)} ${step.done}/${step.total}`;
}

/** Writes to standard error without a queue. `node:fs` is loaded only here: importing it costs every start 1 ms. */
function writeNow(text: string): void {
  try {
    process.getBuiltinModule("node:fs").writeSync(2, text);
  } catch (error) {
    // A terminal that reads too slowly (EAGAIN) or has gone (EIO, EPIPE) must not stop the work that is reported.
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "EAGAIN" && code !== "EIO" && code !== "EPIPE") throw error;
  }
}
