import { cellText } from "./view.ts";
import type { View } from "./view.ts";

/**
 * All columns, the `wide` ones too, under their stable keys (RFC 4180, with the line feeds that Unix tools expect).
 */
export function renderCsv({ columns, rows }: Pick<View, "columns" | "rows">): string {
  const lines = [
    columns.map(({ key }) => field(key)),
    ...rows.map((row) => columns.map(({ key }) => field(cellText(row[key]) ?? ""))),
  ];
  return lines.map((fields) => `${fields.join(",")}\n`).join("");
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
