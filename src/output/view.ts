import type { Tone } from "./style.ts";

/** The ways a command's data can be printed: the values of `-o`. */
export const formats = ["table", "wide", "json", "yaml", "name", "csv"] as const;

/** One of {@link formats}. */
export type Format = (typeof formats)[number];

/** What a command has to show, before anybody chose how. */
export interface View {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** For `json` and `yaml`: everything, not only what the columns show. */
  readonly data: unknown;
  /** For `name`: one line each, ready for another command's arguments. */
  readonly names: readonly string[];
}

/** A column of a table. */
export interface Column {
  /** The key of its cells in each row, and its heading in `csv`: stable, for programs. */
  readonly key: string;
  /** Its heading in tables, shown in upper case; the key when absent. */
  readonly title?: string;
  /** Shown only by `wide` and `csv`. */
  readonly wide?: true;
  /** Where its cells stand in the column; left when absent. */
  readonly align?: "right";
  /** `table` may cut its cells, marked with `…`, when the terminal is too narrow. */
  readonly shrink?: true;
}

/** The cells of one line by column key. */
export type Row = Readonly<Record<string, Cell>>;

/** A value, or a text with its meaning; absent shows as `-` in tables and as nothing in `csv`. */
export type Cell = CellValue | TonedText | undefined;

export type CellValue = string | number | bigint | boolean;

/** A text that is coloured where colour is wanted. */
export interface TonedText {
  readonly text: string;
  readonly tone: Tone;
}

/** The text of a cell without colour; absent stays absent. */
export function cellText(cell: Cell): string | undefined {
  if (cell === undefined) return undefined;
  return typeof cell === "object" ? cell.text : String(cell);
}
