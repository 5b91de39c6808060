import { type Cell, type Layout, layOut } from "./layout.ts";
import type { MatrixResult, PairResult } from "./result.ts";
import type { Rtt } from "./rtt.ts";

export interface FormatOptions {
  /** ANSI colours. */
  readonly color?: boolean;
  /** Columns of the terminal; 80 by default. */
  readonly width?: number;
  /** Only ASCII characters. */
  readonly ascii?: boolean;
  /** The group that an end belongs to when there are too many for a column each; by default its node's name. */
  readonly groupOf?: (name: string) => string;
  /** How many pairs that are not as expected are listed; 20 by default. */
  readonly failures?: number;
}

const DEFAULT_WIDTH = 80;
const DEFAULT_FAILURES = 20;
const LONGEST_LABEL = 24;
const CORNER = "from \\ to";

/** The matrix, the pairs that are not as expected with their facts, and what it all comes to. */
export function formatMatrix(result: MatrixResult, options: FormatOptions = {}): string {
  const layout = layOut(result, options.groupOf);
  const failed = result.pairs.filter(({ ok }) => !ok);
  const shown = failed.slice(0, options.failures ?? DEFAULT_FAILURES);
  const parts = [
    ...(result.pairs.length === 0 ? [] : [table(layout, options)]),
    ...(shown.length === 0 ? [] : [shown.map((pair) => failureText(pair, options)).join("\n")]),
    ...(failed.length > shown.length
      ? [`… and ${failed.length - shown.length} more; --output json has all of them`]
      : []),
    [summaryLine(result, options), ...timesLine(result)].join("\n"),
  ];
  const text = `${parts.join("\n\n")}\n`;
  return options.ascii === true ? text.replaceAll("…", "...").replaceAll("→", "->").replaceAll("µ", "u") : text;
}

type Paint = (text: string) => string;
const plain: Paint = (text) => text;
const paint =
  (code: number): Paint =>
  (text) =>
    `\x1b[${code}m${text}\x1b[0m`;

function colours(color: boolean | undefined): Readonly<Record<"good" | "bad" | "dim", Paint>> {
  return color === true ? { good: paint(32), bad: paint(31), dim: paint(2) } : { good: plain, bad: plain, dim: plain };
}

/** Columns are numbered, so that many fit; each number stands before its name in the rows. */
function table(layout: Layout, options: FormatOptions): string {
  const { rows, columns, grouped } = layout;
  const { dim } = colours(options.color);
  const numbers = new Map(columns.map((name, index) => [name, index + 1]));
  const labels = rows.map((name) => label(name, numbers.get(name)));
  // A destination that never asks has no row, so its number is told here.
  const silent = columns.filter((name) => !rows.includes(name)).map((name) => label(name, numbers.get(name)));
  const texts = rows.map((row) => columns.map((column) => cellText(layout.cell(row, column), grouped, options)));
  const cellWidth = Math.max(...texts.flat().map(({ text }) => text.length), String(columns.length).length) + 1;
  const labelWidth = Math.max(...labels.map((text) => text.length), CORNER.length);
  const perBlock = Math.max(1, Math.floor(((options.width ?? DEFAULT_WIDTH) - labelWidth) / cellWidth));
  const lines: string[] = [];
  for (let from = 0; from < columns.length; from += perBlock) {
    const block = columns.slice(from, from + perBlock).map((_, index) => from + index);
    if (from > 0) lines.push("");
    lines.push(dim(CORNER.padEnd(labelWidth)) + block.map((index) => String(index + 1).padStart(cellWidth)).join(""));
    rows.forEach((_, row) => {
      const cells = block.map((index) => {
        const { text, colour } = texts[row]?.[index] ?? { text: "", colour: plain };
        return " ".repeat(cellWidth - text.length) + colour(text);
      });
      lines.push(((labels[row] ?? "").padEnd(labelWidth) + cells.join("")).trimEnd());
    });
  }
  if (silent.length > 0) lines.push(`(${silent.join(", ")})`);
  if (grouped) lines.push(dim("(each place is all pairs from the pods there to the pods there)"));
  return lines.join("\n");
}

function label(name: string, number: number | undefined): string {
  // Names of one lab often differ in their ends only.
  const half = LONGEST_LABEL / 2;
  const short = name.length > LONGEST_LABEL ? `${name.slice(0, half - 1)}…${name.slice(-half)}` : name;
  return number === undefined ? `- ${short}` : `${number} ${short}`;
}

/**
 * `✓` all is as expected (`·` where nothing should reach and nothing does), `✗` nothing is, otherwise what is wrong:
 * the share lost, or of a group how many pairs are right.
 */
function cellText(
  cell: Cell | undefined,
  grouped: boolean,
  { ascii, color }: FormatOptions,
): { readonly text: string; readonly colour: Paint } {
  const { good, bad, dim } = colours(color);
  if (cell === undefined) return { text: ascii === true ? "." : " ", colour: plain };
  const { ok, pairs, reached, loss } = cell;
  if (ok === pairs && loss === 0) {
    if (reached === 0) return { text: ascii === true ? "-" : "·", colour: dim };
    return { text: ascii === true ? "+" : "✓", colour: good };
  }
  if (ok === 0) return { text: ascii === true ? "X" : "✗", colour: bad };
  if (grouped && ok < pairs) return { text: `${ok}/${pairs}`, colour: bad };
  if (loss > 0) return { text: `${Math.max(1, Math.round(loss * 100))}%`, colour: bad };
  return { text: `${ok}/${pairs}`, colour: bad };
}

function failureText(pair: PairResult, { ascii, color }: FormatOptions): string {
  const { bad, dim } = colours(color);
  const { from, to, address, family, expect, facts = [], icmp, refusal } = pair;
  const what = !expect ? "reaches, and must not" : pair.answeredBy === undefined ? "does not reach" : "reaches another";
  const said = [refusal, icmp].filter((text) => text !== undefined).join("; ");
  const head = `${bad(ascii === true ? "X" : "✗")} ${from} → ${to} ${address} (IPv${family}): ${what}${said === "" ? "" : ` (${said})`}`;
  return [head, ...facts.map((fact) => dim(`    ${fact}`))].join("\n");
}

function summaryLine({ summary }: MatrixResult, { color }: FormatOptions): string {
  const { good, bad } = colours(color);
  const { pairs, failed, loss, durationMs } = summary;
  const verdict =
    failed === 0 ? good(`all ${pairs} pairs as expected`) : bad(`${failed} of ${pairs} pairs not as expected`);
  const lost = loss === 0 ? "no loss" : `${(loss * 100).toFixed(loss < 0.1 ? 1 : 0)}% loss`;
  return `${verdict}, ${lost}, ${(durationMs / 1000).toFixed(2)} s`;
}

/** Of half of the answers, and of all but a hundredth. */
function timesLine({ summary: { rtt4, rtt6 } }: MatrixResult): readonly string[] {
  const times = [rttText("IPv4", rtt4), rttText("IPv6", rtt6)].filter((text) => text !== undefined);
  return times.length === 0 ? [] : [`round trip: ${times.join(", ")}`];
}

function rttText(family: string, rtt: Rtt | undefined): string | undefined {
  return rtt === undefined ? undefined : `${family} ${time(rtt.p50)} (99%: ${time(rtt.p99)})`;
}

/** Microseconds for people. */
function time(us: number): string {
  if (us < 1000) return `${Math.round(us)} µs`;
  return us < 10_000 ? `${(us / 1000).toFixed(1)} ms` : `${Math.round(us / 1000)} ms`;
}
