import { ascii, unicode } from "./_glyphs.ts";
import { viewsOf } from "./_members.ts";
import { stateful } from "./_node-text.ts";
import type { Paint } from "./_node-text.ts";
import { drawRow } from "./_row.ts";
import { layOut } from "./_terminal-layout.ts";
import { cut, pad, visible } from "../output/text.ts";
import type { Graph } from "./model.ts";
import { counted, summarise } from "./summary.ts";
import type { Limits } from "./summary.ts";

export interface TerminalOptions extends Partial<Limits> {
  /** Columns to fit into, 80 when absent, at least 24. */
  readonly width?: number;
  /** Draw with ASCII only. */
  readonly ascii?: boolean;
  /** Colours text; absent leaves it plain. */
  readonly paint?: Paint;
}

const narrowest = 24;

/**
 * Draws the lab with box characters: each LAN a rail, the nodes hanging from it side by side, their pods inside. No
 * line is wider than `width`. Without limits it shows 8 pods of each node, 3 when there are more than 4 nodes, and 12
 * nodes; what is left out is counted. Ends with a line feed.
 */
export function drawTerminal(graph: Graph, options: TerminalOptions = {}): string {
  const { paint = (_tone, text) => text } = options;
  const width = Math.max(narrowest, options.width ?? 80);
  const glyphs = options.ascii === true ? ascii : unicode;
  const nodes = graph.groups.length;
  const { maxNodes = 12, maxPods = nodes > 4 ? 3 : 8 } = options;
  const drawn = summarise(graph, { maxNodes, maxPods });
  const layout = layOut(drawn, viewsOf(drawn), width, glyphs, paint);
  const pods = graph.nodes.filter(({ kind }) => kind === "pod").length;
  const outside = graph.nodes.filter(({ kind }) => kind === "external").length;
  const parts = [
    counted(nodes - outside, "node"),
    counted(pods, "pod"),
    ...(outside === 0 ? [] : [`${counted(outside, "host")} outside`]),
  ];
  const title = `${paint("strong", visible(graph.name))}: ${parts.join(", ")}`;
  const labels = layout.lans.map((lan) => stateful(lan, paint));
  const column = Math.max(0, ...labels.map((label) => Bun.stringWidth(label)));
  const wrap = (line: string): readonly string[] => Bun.wrapAnsi(line, width).split("\n");
  const lines = [
    title,
    "",
    ...layout.lans.flatMap(({ details }, at) => {
      const label = paint("strong", pad(labels[at] ?? "", column));
      return wrap([label, ...details.map(visible)].join("  "));
    }),
    ...layout.rows.flatMap((_, index) => drawRow(layout, index, glyphs)),
    "",
    ...drawn.notes.flatMap((note) => wrap(visible(note))),
  ];
  const text = lines.map((line) => cut(line, width).trimEnd()).join("\n");
  // The replacement is as wide as what it replaces, so boxes stay straight.
  return `${options.ascii === true ? text.replaceAll("…", "~") : text}\n`;
}
