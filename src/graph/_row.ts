import type { Glyphs } from "./_glyphs.ts";
import { drawRails, spineColumns } from "./_rails.ts";
import type { Box, Layout } from "./_terminal-layout.ts";
import { cut, pad } from "../output/text.ts";

/** The lines of one row: the rails above it, the boxes, and the tunnel from each to the next. */
export function drawRow(layout: Layout, index: number, glyphs: Glyphs): readonly string[] {
  const { rows, gap, margin, boxWidth } = layout;
  const boxes = rows[index] ?? [];
  const sections = sectionsOf(layout, boxes);
  const [enters, leaves] = [layout.tunnel && index > 0, layout.tunnel && index < rows.length - 1];
  const drawn = boxes.map((box, at) =>
    drawBox(box, layout, glyphs, sections, {
      left: layout.tunnel && (at > 0 || enters),
      right: layout.tunnel && (at < boxes.length - 1 || leaves),
    }),
  );
  const height = Math.max(0, ...drawn.map((lines) => lines.length));
  const spines = spineColumns(layout, index, glyphs);
  const lines = Array.from({ length: height }, (_, at) => {
    const dash = at === sections.docking ? glyphs.tunnel : " ";
    const head = margin === 0 ? "" : spines + (enters ? dash : " ");
    const middle = drawn.map((box) => box[at] ?? " ".repeat(boxWidth)).join(dash.repeat(gap));
    return head + middle + (leaves ? dash : "");
  });
  return [...drawRails(layout, index, glyphs), ...lines];
}

/** Lines that boxes beside each other give to each section, so that the tunnel meets them all at one height. */
interface Sections {
  readonly uplinks: number;
  readonly vtep: number;
  /** The line of the box where the tunnel docks; absent without one. */
  readonly docking?: number;
}

function sectionsOf({ tunnel }: Layout, boxes: readonly Box[]): Sections {
  const uplinks = Math.max(0, ...boxes.map(({ text }) => text.uplinks.length));
  const vtep = Math.max(0, ...boxes.map(({ text }) => text.vtep.length));
  return { uplinks, vtep, ...(tunnel ? { docking: 1 + uplinks } : {}) };
}

function drawBox(
  { title, drops, text }: Box,
  { boxWidth, paint }: Layout,
  { box }: Glyphs,
  sections: Sections,
  docks: { readonly left: boolean; readonly right: boolean },
): readonly string[] {
  const inner = boxWidth - 2;
  const head: string[] = Array.from({ length: inner }, () => box.across);
  for (const { offset } of drops) head[offset - 1] = box.fromAbove;
  const start = (drops.at(-1)?.offset ?? 0) + 1;
  const name = cut(` ${title} `, inner - start - 1);
  head.splice(start, Bun.stringWidth(name), paint("strong", name));
  const content = [...filled(text.uplinks, sections.uplinks), ...filled(text.vtep, sections.vtep), ...text.bridge];
  const framed = content.map((line, at) => {
    const docking = at + 1 === sections.docking;
    const left = docking && docks.left ? box.fromLeft : box.down;
    const right = docking && docks.right ? box.toRight : box.down;
    return `${left} ${pad(cut(line, inner - 2), inner - 2)} ${right}`;
  });
  return [
    `${box.topLeft}${head.join("")}${box.topRight}`,
    ...framed,
    `${box.bottomLeft}${box.across.repeat(inner)}${box.bottomRight}`,
  ];
}

function filled(lines: readonly string[], height: number): readonly string[] {
  return Array.from({ length: height }, (_, at) => lines[at] ?? "");
}
