import { type Format, type View, render } from "../../output/index.ts";
import type { Terminal } from "../terminal.ts";

/** Prints what a command of the group has to show. */
export async function print({ out, style, width }: Terminal, view: View, format: Format): Promise<void> {
  out(await render(view, format, { style, ...(width === undefined ? {} : { width }) }));
}
