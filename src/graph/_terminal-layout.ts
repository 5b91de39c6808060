import type { Glyphs } from "./_glyphs.ts";
import type { NodeView } from "./_members.ts";
import { nodeText, stateful } from "./_node-text.ts";
import type { NodeText, Paint, PodForm } from "./_node-text.ts";
import { visible } from "../output/text.ts";
import type { Graph, GraphEdge, GraphNode } from "./model.ts";

/** Where everything of a terminal drawing goes, in columns. */
export interface Layout {
  /** Each is a rail above every row of boxes. */
  readonly lans: readonly GraphNode[];
  readonly rows: readonly (readonly Box[])[];
  /** Columns on the left that the spines between the rows' rails need. */
  readonly margin: number;
  /** The first column behind the rightmost box. */
  readonly right: number;
  readonly boxWidth: number;
  /** Columns between boxes. */
  readonly gap: number;
  /** Whether boxes are joined by a tunnel. */
  readonly tunnel: boolean;
  readonly paint: Paint;
}

export interface Box {
  readonly left: number;
  readonly title: string;
  readonly drops: readonly Drop[];
  readonly text: NodeText;
}

/** The line from a rail down to a node. */
export interface Drop {
  /** Which rail, counted from the top. */
  readonly rail: number;
  /** Columns from the left edge of the box. */
  readonly offset: number;
  readonly dev: string;
}

/** Columns from a box's edge to its first drop. */
const firstDrop = 3;

/** Arranges boxes of one width in rows of even length, with pods' addresses beside their names if that costs no row. */
export function layOut(graph: Graph, views: readonly NodeView[], width: number, glyphs: Glyphs, paint: Paint): Layout {
  const lans = graph.nodes.filter(({ kind }) => kind === "lan");
  const tunnel = graph.nodes.some(({ kind }) => kind === "overlay");
  const gap = tunnel ? 4 : 2;
  const arrange = (form: PodForm): Arrangement => {
    const boxes = views.map((view) => unplaced(view, form, lans, width, glyphs, paint));
    const natural = Math.max(0, ...boxes.map(naturalWidth));
    return { boxes, natural, ...columnsFor(natural, boxes.length, width, gap, lans.length) };
  };
  const beside = arrange("beside");
  const below = beside.perRow < views.length || isCut(beside) ? arrange("below") : beside;
  const better = below.perRow > beside.perRow || isCut(beside) ? below : beside;
  const { boxes, perRow, boxWidth, margin } = better;
  const place = (box: Unplaced, at: number): Box => ({ ...box, left: margin + at * (boxWidth + gap) });
  const rows = Array.from({ length: Math.ceil(boxes.length / perRow) }, (_, row) =>
    boxes.slice(row * perRow, (row + 1) * perRow).map(place),
  );
  const right = margin + perRow * (boxWidth + gap) - gap;
  return { lans, rows, margin, right, boxWidth, gap, tunnel, paint };
}

function isCut({ boxWidth, natural }: Arrangement): boolean {
  return boxWidth < natural;
}

type Unplaced = Omit<Box, "left">;

interface Arrangement {
  readonly boxes: readonly Unplaced[];
  /** The width at which no box is cut. */
  readonly natural: number;
  readonly perRow: number;
  readonly boxWidth: number;
  readonly margin: number;
}

function unplaced(
  view: NodeView,
  form: PodForm,
  lans: readonly GraphNode[],
  width: number,
  glyphs: Glyphs,
  paint: Paint,
): Unplaced {
  const title = stateful(view.self, paint);
  const dropped = new Map<GraphEdge, Drop>();
  let offset = firstDrop;
  lans.forEach(({ id }, rail) => {
    const uplink = view.uplinks.find(({ to }) => to === id);
    if (uplink === undefined) return;
    const dev = visible(uplink.label ?? "");
    const next = offset + Bun.stringWidth(dev) + 3;
    if (next + Bun.stringWidth(title) + 4 > width) return;
    dropped.set(uplink, { rail, offset, dev });
    offset = next;
  });
  const lanOf = (uplink: GraphEdge): string | undefined =>
    dropped.has(uplink) ? undefined : lans.find(({ id }) => id === uplink.to)?.label;
  return { title, drops: [...dropped.values()], text: nodeText(view, form, glyphs, paint, lanOf) };
}

/** The width at which nothing in the box is cut, frame included. */
function naturalWidth({ title, drops, text }: Unplaced): number {
  const last = drops.at(-1);
  const dropsEnd = last === undefined ? 1 : last.offset + 1;
  const labelsEnd = last === undefined ? 0 : last.offset + 2 + Bun.stringWidth(last.dev);
  const inside = [...text.uplinks, ...text.vtep, ...text.bridge].map((line) => Bun.stringWidth(line));
  return Math.max(dropsEnd + Bun.stringWidth(title) + 5, labelsEnd, 4 + Math.max(0, ...inside));
}

/** How many boxes stand in a row, and how wide they may be; several rows need room for spines and the tunnel's ends. */
function columnsFor(
  natural: number,
  count: number,
  width: number,
  gap: number,
  rails: number,
): Pick<Arrangement, "perRow" | "boxWidth" | "margin"> {
  const fits = (room: number): number => Math.max(1, Math.floor((room + gap) / (natural + gap)));
  if (count <= fits(width)) {
    return { perRow: Math.max(1, count), boxWidth: Math.min(natural, width), margin: 0 };
  }
  const margin = rails + 1;
  const room = width - margin - 1;
  const rows = Math.ceil(count / fits(room));
  return { perRow: Math.ceil(count / rows), boxWidth: Math.min(natural, room), margin };
}
