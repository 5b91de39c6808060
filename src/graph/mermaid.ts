import { labelOf } from "./_label.ts";
import { visible } from "../output/text.ts";
import type { Graph, GraphEdge, GraphNode, NodeKind } from "./model.ts";
import { summarise } from "./summary.ts";
import type { Limits } from "./summary.ts";

/** The brackets that give each kind its shape. */
const shapes = {
  lan: ["[", "]"],
  overlay: ["([", "])"],
  node: ["[", "]"],
  external: ["[[", "]]"],
  vtep: [">", "]"],
  bridge: ["[/", "/]"],
  pod: ["(", ")"],
  more: ["(", ")"],
} as const satisfies Record<NodeKind, readonly [string, string]>;

/**
 * The lab as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html), a subgraph for each node. Shows 10
 * pods of each node and 20 nodes unless told otherwise, since Mermaid refuses more than 500 lines, and counts the rest.
 */
export function drawMermaid(graph: Graph, limits: Partial<Limits> = {}): string {
  const drawn = summarise(graph, { maxNodes: 20, maxPods: 10, ...limits });
  const boxes = new Map(drawn.nodes.map((node) => [node.id, node]));
  const aliases = new Map(drawn.nodes.map(({ id }, index) => [id, `n${index}`]));
  const alias = (id: string): string => aliases.get(id) ?? "missing";
  const grouped = new Set(drawn.groups.flatMap(({ members }) => members));
  const down = drawn.nodes.filter(({ state }) => state === "down").map(({ id }) => alias(id));
  const lines = [
    "flowchart TB",
    ...[drawn.name, ...drawn.notes].map((note) => `  %% ${commented(note)}`),
    ...drawn.nodes.filter(({ id }) => !grouped.has(id)).map((node) => `  ${boxLine(node, alias)}`),
    ...drawn.groups.flatMap(({ label, members }, index) => [
      `  subgraph g${index}["${escaped(label)}"]`,
      ...members.flatMap((id) => {
        const node = boxes.get(id);
        return node === undefined ? [] : [`    ${boxLine(node, alias)}`];
      }),
      "  end",
    ]),
    ...drawn.edges.map((edge) => `  ${edgeLine(edge, boxes, alias)}`),
    ...(down.length === 0 ? [] : ["  classDef down stroke:#c4302b,stroke-width:3px", `  class ${down.join(",")} down`]),
  ];
  return `${lines.join("\n")}\n`;
}

function boxLine(node: GraphNode, alias: (id: string) => string): string {
  const [open, close] = shapes[node.kind];
  const label = [labelOf(node), ...node.details].map(escaped).join("<br/>");
  return `${alias(node.id)}${open}"${label}"${close}`;
}

/** Written from the upper box to the lower, because Mermaid puts the first above. */
function edgeLine(edge: GraphEdge, boxes: ReadonlyMap<string, GraphNode>, alias: (id: string) => string): string {
  const [tierFrom, tierTo] = [boxes.get(edge.from)?.tier ?? 0, boxes.get(edge.to)?.tier ?? 0];
  const [upper, lower] = tierFrom <= tierTo ? [edge.from, edge.to] : [edge.to, edge.from];
  const texts = [edge.label, ...edge.details, ...(edge.impairment?.split("; ") ?? [])];
  const label = texts.flatMap((text) => (text === undefined ? [] : [escaped(text)])).join("<br/>");
  const line = edge.kind === "tunnel" ? "-.-" : "---";
  return `${alias(upper)} ${line}${label === "" ? "" : `|"${label}"|`} ${alias(lower)}`;
}

/** Text for a quoted label: whatever Mermaid or HTML could read as syntax becomes a character code. */
function escaped(text: string): string {
  return visible(text)
    .toWellFormed()
    .replace(/[^\p{L}\p{M}\p{N} .,:/()+=@…_-]/gu, (char) => `#${char.codePointAt(0)};`);
}

/** Text for a comment, in which braces would begin a directive. */
function commented(text: string): string {
  return visible(text).toWellFormed().replace(/[{}]/g, "_");
}
