import { cut, pad, visible } from "./text.ts";
import { plain } from "./style.ts";
import type { Style } from "./style.ts";
import { cellText } from "./view.ts";
import type { Cell, Column, View } from "./view.ts";

export interface TableOptions {
  /** Show the columns marked `wide` too, and cut nothing. */
  readonly wide?: boolean;
  readonly style?: Style;
  /** Columns of the terminal. Absent (a file, a pipe) nothing is ever cut. */
  readonly width?: number;
}

const gap = "   ";
/** A shrunk column keeps at least this many terminal columns. */
const narrowest = 8;

/**
 * A table as `kubectl` prints it: upper case headings, no borders, three blanks between columns. Cells of `shrink`
 * columns are cut only to fit `width`; a last line then says so.
 */
export function renderTable(view: Pick<View, "columns" | "rows">, options: TableOptions = {}): string {
  const { wide = false, style = plain, width } = options;
  const columns = view.columns.filter((column) => wide || column.wide !== true);
  const body = view.rows.map((row) => columns.map((column) => shown(row[column.key])));
  const heads = columns.map((column) => visible(column.title ?? column.key).toUpperCase());
  const natural = heads.map((head, at) =>
    Math.max(Bun.stringWidth(head), ...body.map((cells) => Bun.stringWidth(cells[at] ?? ""))),
  );
  const widths = wide || width === undefined ? natural : narrowed(columns, heads, natural, width);
  const line = (texts: readonly string[], paint: (at: number, text: string) => string): string =>
    texts
      .map((text, at) => aligned(columns, widths, at, text, paint))
      .join(gap)
      .trimEnd();
  const lines = [line(heads, (_at, text) => style.paint("strong", text))];
  view.rows.forEach((row, index) => {
    lines.push(line(body[index] ?? [], (at, text) => toned(style, row[columns[at]?.key ?? ""], text)));
  });
  if (widths.some((wanted, at) => wanted < (natural[at] ?? 0))) {
    lines.push(style.paint("dim", "(… marks what did not fit; -o wide shows it)"));
  }
  return `${lines.join("\n")}\n`;
}

function shown(cell: Cell): string {
  const text = cellText(cell) ?? "";
  return text === "" ? "-" : visible(text);
}

function toned(style: Style, cell: Cell, text: string): string {
  return typeof cell === "object" ? style.paint(cell.tone, text) : text;
}

/** One cell, cut, painted and padded; blanks stay outside the paint, and the last column has none behind it. */
function aligned(
  columns: readonly Column[],
  widths: readonly number[],
  at: number,
  text: string,
  paint: (at: number, text: string) => string,
): string {
  const width = widths[at] ?? 0;
  const painted = paint(at, cut(text, width));
  const align = columns[at]?.align ?? "left";
  return at === columns.length - 1 && align === "left" ? painted : pad(painted, width, align);
}

/** The widths after taking, one column at a time from the widest `shrink` column, what `limit` does not hold. */
function narrowed(
  columns: readonly Column[],
  heads: readonly string[],
  natural: readonly number[],
  limit: number,
): readonly number[] {
  const widths = [...natural];
  const floor = heads.map((head, at) => Math.min(natural[at] ?? 0, Math.max(narrowest, Bun.stringWidth(head))));
  let excess = sum(widths) + gap.length * (widths.length - 1) - limit;
  while (excess > 0) {
    const widest = columns.reduce<number | undefined>((best, column, at) => {
      const shrinks = column.shrink === true && (widths[at] ?? 0) > (floor[at] ?? 0);
      return shrinks && (best === undefined || (widths[at] ?? 0) > (widths[best] ?? 0)) ? at : best;
    }, undefined);
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
