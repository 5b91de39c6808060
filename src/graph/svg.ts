import { labelOf } from "./_label.ts";
import { viewsOf } from "./_members.ts";
import type { NodeView } from "./_members.ts";
import { docksEnd, drawDocks } from "./_svg-docks.ts";
import { cardSize, drawCard } from "./_svg-card.ts";
import type { CardSize } from "./_svg-card.ts";
import { charWidth, lineHeight, stylesheet } from "./_svg-style.ts";
import { cut, visible } from "../output/text.ts";
import { element, escapeXml, textAt, tooltip } from "./_xml.ts";
import type { Graph, GraphNode } from "./model.ts";
import { counted, summarise } from "./summary.ts";
import type { Limits } from "./summary.ts";

const margin = 24;
const cardGap = 28;
const barHeight = 30;
const barGap = 10;
/** From the lowest bar to the cards: room for the lines. */
const dropHeight = 36;
/** From one spine to the next, left of everything. */
const spineGap = 12;
const mostPerRow = 6;

/**
 * Draws the lab as one self-contained SVG: LANs and overlay as bars, a card for each node, its pods inside; light or
 * dark as the reader's system is; tooltips with every address. Shows 40 pods of each node and 60 nodes unless told
 * otherwise, and counts the rest.
 */
export function drawSvg(graph: Graph, limits: Partial<Limits> = {}): string {
  const drawn = summarise(graph, { maxNodes: 60, maxPods: 40, ...limits });
  const views = viewsOf(drawn);
  const bars = drawn.nodes.filter(({ kind }) => kind === "lan" || kind === "overlay");
  const size = cardSize(views);
  const rows = Math.max(1, Math.ceil(views.length / mostPerRow));
  const perRow = Math.max(1, Math.ceil(views.length / rows));
  const left = margin + (rows > 1 ? bars.length * spineGap : 0);
  const width = left + perRow * (size.width + cardGap) - cardGap + margin;
  const parts: string[] = [];
  const barTops: number[] = [];
  let y = 64;
  for (let row = 0; row < rows; row++) {
    barTops.push(y);
    const inRow = views.slice(row * perRow, (row + 1) * perRow);
    const drawnRow = drawRow(bars, inRow, size, { left, top: y, width: width - left - margin });
    parts.push(drawnRow.svg);
    y = drawnRow.bottom + cardGap;
  }
  const spines = rows > 1 ? bars.map((bar, at) => drawSpine(bar, at, barTops, left)) : [];
  const room = Math.floor((width - 2 * margin) / charWidth);
  const notes = drawn.notes.map((note, at) => textAt(margin, y + at * lineHeight, cut(visible(note), room), "faint"));
  const height = y + notes.length * lineHeight + margin - lineHeight;
  const title = titleOf(graph);
  return `${element(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, width, height, role: "img" },
    element("title", {}, escapeXml(title)),
    element("style", {}, stylesheet),
    element("rect", { class: "paper", width, height }),
    textAt(margin, 38, cut(title, Math.floor((width - 2 * margin) / 10)), "title"),
    ...spines,
    ...parts,
    ...notes,
  )}\n`;
}

function titleOf({ name, groups, nodes }: Graph): string {
  const pods = nodes.filter(({ kind }) => kind === "pod").length;
  return `${visible(name)}: ${counted(groups.length, "node")}, ${counted(pods, "pod")}`;
}

interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

/** One row of cards below its bars. */
function drawRow(
  bars: readonly GraphNode[],
  views: readonly NodeView[],
  size: CardSize,
  { left, top, width }: Area,
): { readonly svg: string; readonly bottom: number } {
  const cardTop = top + bars.length * (barHeight + barGap) - barGap + dropHeight;
  const barBottom = (at: number): number => top + at * (barHeight + barGap) + barHeight;
  const labelAt = left + Math.max(12, ...views.slice(0, 1).map(docksEnd));
  const bands = bars.map((bar, at) => drawBar(bar, { left, top: barBottom(at) - barHeight, width }, labelAt));
  let bottom = cardTop;
  const cards = views.map((view, at) => {
    const x = left + at * (size.width + cardGap);
    const card = drawCard(view, size);
    bottom = Math.max(bottom, cardTop + card.height);
    const docks = drawDocks(view, bars, size.width, (bar) => barBottom(bar) - cardTop);
    return element("g", { transform: `translate(${x} ${cardTop})` }, docks.lines, card.svg, docks.chips);
  });
  return { svg: [...bands, ...cards].join("\n"), bottom };
}

/** A bar with its text behind the lines that pass over it on their way to the first card. */
function drawBar(bar: GraphNode, { left, top, width }: Area, labelAt: number): string {
  const room = Math.floor((left + width - labelAt - 12) / charWidth);
  const label = labelOf(bar);
  const line = cut([label, ...bar.details.map(visible)].join("  "), room);
  const role = [bar.kind, bar.state].filter(Boolean).join(" ");
  return element(
    "g",
    { class: role },
    tooltip([`${bar.kind} ${label}`, ...bar.details]),
    element("rect", { x: left, y: top, width, height: barHeight, rx: 8 }),
    textAt(labelAt, top + 20, line, "name"),
  );
}

/** Joins a bar to its copies above the other rows. */
function drawSpine(bar: GraphNode, at: number, tops: readonly number[], left: number): string {
  const x = margin + at * spineGap;
  const middles = tops.map((top) => top + at * (barHeight + barGap) + barHeight / 2);
  const branches = middles.map((y) => `M${x} ${y}H${left}`).join("");
  const d = `M${x} ${middles[0] ?? 0}V${middles.at(-1) ?? 0}${branches}`;
  return element("path", { class: bar.kind === "overlay" ? "line tunnel" : "line", d });
}
