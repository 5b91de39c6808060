import { type Format, type View, render, renderJson } from "../output/index.ts";
import { listenForSignals } from "./signals.ts";
import type { Terminal } from "./terminal.ts";

export interface ShowFlags {
  readonly output: Format;
  readonly watch: boolean;
  readonly interval: number | undefined;
}

/** Prints a view once, or with `--watch` until Ctrl-C. */
export async function show(terminal: Terminal, flags: ShowFlags, look: () => View | Promise<View>): Promise<number> {
  const { style, width } = terminal;
  const once = async (): Promise<string> =>
    render(await look(), flags.output, { style, ...(width === undefined ? {} : { width }) });
  if (!flags.watch) {
    terminal.out(await once());
    return 0;
  }
  const stream = async (): Promise<string> => `${JSON.stringify(JSON.parse(renderJson((await look()).data)))}\n`;
  return repeat(terminal, flags.interval, flags.output === "json" ? stream : once);
}

/** Prints again and again: over the last picture on a terminal, one after the other elsewhere. JSON is a line each time. */
export async function repeat(terminal: Terminal, everyMs = 2000, look: () => Promise<string>): Promise<number> {
  using interruption = listenForSignals();
  for (;;) {
    const text = await look();
    terminal.out(terminal.width === undefined ? text : `\u001b[H\u001b[2J${text}`);
    await pause(everyMs, interruption.signal);
    const code = interruption.exitCode();
    if (code !== undefined) return code;
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}
