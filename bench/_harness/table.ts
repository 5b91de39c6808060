import { type Comparison, type Figure, type Target, isMet } from "./measure.ts";

export const headings = ["work", "netloom", "peer", "ratio", "target", ""] as const;

/** The cells of a comparison, as text. */
export function cells({ work, ours, peer, value, target }: Comparison): readonly string[] {
  const met = isMet({ work, ours, value, ...(target === undefined ? {} : { target }) });
  return [
    work,
    figureText(ours),
    peer === undefined ? "" : `${peer.label}: ${figureText(peer)}`,
    peer === undefined ? "" : ratioText(value, target),
    target === undefined ? "" : targetText(target, peer === undefined ? ours.unit : undefined),
    met === undefined ? "" : met ? "met" : "missed",
  ];
}

function figureText({ median, unit }: Pick<Figure, "median" | "unit">): string {
  if (unit === "processes" || unit === "changes") return `${median}`;
  return `${digits(median)} ${unit}`;
}

function ratioText(value: number, target: Target | undefined): string {
  return target !== undefined && "atLeast" in target ? `${digits(value)}× faster` : `${value.toFixed(2)}×`;
}

function targetText(target: Target, unit: Figure["unit"] | undefined): string {
  if ("atLeast" in target) return `≥ ${target.atLeast}× faster`;
  if (unit === undefined) return `≤ ${target.atMost}×`;
  return unit === "processes" || unit === "changes" ? `${target.atMost}` : `≤ ${target.atMost} ${unit}`;
}

/** Three digits that matter. */
function digits(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const whole = Math.max(1, Math.floor(Math.log10(Math.abs(value) || 1)) + 1);
  return value.toFixed(Math.max(0, 3 - whole));
}

/** A table for the terminal. */
export function plainTable(rows: readonly (readonly string[])[]): string {
  const widths = headings.map((_, at) => Math.max(...[headings, ...rows].map((row) => Bun.stringWidth(row[at] ?? ""))));
  return [headings.map((heading) => heading.toUpperCase()), ...rows]
    .map((row) => row.map((cell, at) => cell + " ".repeat((widths[at] ?? 0) - Bun.stringWidth(cell))).join("   "))
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

/** A table for Markdown. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return `${line(headings)}|${headings.map(() => "---").join("|")}|\n${rows.map(line).join("")}`;
}
