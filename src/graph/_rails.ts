import type { Glyphs } from "./_glyphs.ts";
import type { Layout } from "./_terminal-layout.ts";
import { cut, pad, visible } from "../output/text.ts";

/** What hangs above a row of boxes: each LAN's rail, and the lines from them down to the boxes. */
export function drawRails(layout: Layout, index: number, glyphs: Glyphs): readonly string[] {
  const rails = layout.lans.map((_, rail) => drawRail(layout, index, rail, glyphs));
  const row = layout.rows[index] ?? [];
  if (row.every(({ drops }) => drops.length === 0)) return rails;
  let line = spineColumns(layout, index, glyphs);
  for (const { left, drops } of row) {
    for (const { offset, dev } of drops) {
      line = `${pad(line, left + offset)}${glyphs.box.down} ${dev}`;
    }
  }
  return [...rails, line];
}

/** The spines that join each rail to that of the next row, beside the boxes; none below the last rails. */
export function spineColumns({ lans, rows, margin }: Layout, index: number, glyphs: Glyphs): string {
  if (margin === 0) return "";
  return (index < rows.length - 1 ? glyphs.rail.down : " ").repeat(lans.length);
}

/** A LAN above a row. Lines from rails further up pass over it. */
function drawRail(layout: Layout, index: number, rail: number, glyphs: Glyphs): string {
  const { lans, rows, margin, right } = layout;
  const cells: string[] = Array.from({ length: right }, () => glyphs.rail.across);
  if (margin > 0) {
    const [first, last] = [index === 0, index === rows.length - 1];
    lans.forEach((_, spine) => {
      if (spine < rail) cells[spine] = last ? " " : glyphs.rail.down;
      if (spine > rail && !first) cells[spine] = glyphs.rail.down;
    });
    cells[rail] = first ? glyphs.rail.first : last ? glyphs.rail.last : glyphs.rail.middle;
  }
  for (const { left, drops } of rows[index] ?? []) {
    for (const drop of drops) {
      if (drop.rail < rail) cells[left + drop.offset] = glyphs.box.down;
      if (drop.rail === rail) cells[left + drop.offset] = glyphs.rail.tee;
    }
  }
  if (lans.length > 1) writeName(cells, layout, index, rail);
  return cells.join("");
}

/** Writes the LAN's name into its rail, behind the first box's drop, where no other line passes. */
function writeName(cells: string[], { lans, rows, boxWidth, paint }: Layout, index: number, rail: number): void {
  const box = rows[index]?.[0];
  if (box === undefined) return;
  const drops = box.drops.filter((drop) => drop.rail <= rail);
  const start = box.left + (drops.at(-1)?.offset ?? 0) + 2;
  const name = cut(` ${visible(lans[rail]?.label ?? "")} `, box.left + boxWidth - start - 2);
  if (name !== "") cells.splice(start, Bun.stringWidth(name), paint("strong", name));
}
