import { labelOf } from "./_label.ts";
import { visible } from "../output/text.ts";
import type { Graph, GraphEdge, GraphNode, NodeKind } from "./model.ts";
import { summarise } from "./summary.ts";
import type { Limits } from "./summary.ts";

const shapes = {
  lan: "shape=box, style=filled, fillcolor=lightblue",
  overlay: 'shape=box, style="dashed,rounded"',
  node: "shape=box3d",
  external: "shape=house",
  vtep: "shape=box, style=dashed",
  bridge: "shape=box, style=filled, fillcolor=gray90",
  pod: "shape=box, style=rounded",
  more: "shape=plaintext",
} as const satisfies Record<NodeKind, string>;

/**
 * The lab in Graphviz's language (https://graphviz.org/doc/info/lang.html), a cluster for each node; everything is
 * shown unless limits are given.
 */
export function drawDot(graph: Graph, limits: Partial<Limits> = {}): string {
  const drawn = summarise(graph, { maxNodes: Infinity, maxPods: Infinity, ...limits });
  const boxes = new Map(drawn.nodes.map((node) => [node.id, node]));
  const grouped = new Set(drawn.groups.flatMap(({ members }) => members));
  const lines = [
    `graph ${quoted([drawn.name])} {`,
    `  label=${quoted([drawn.name, ...drawn.notes])}; labelloc=t; rankdir=TB;`,
    `  node [fontname="monospace", fontsize=10]; edge [fontname="monospace", fontsize=9];`,
    ...drawn.nodes.filter(({ id }) => !grouped.has(id)).map((node) => `  ${boxLine(node)}`),
    ...drawn.groups.flatMap(({ id, label, members }) => [
      `  subgraph ${quoted([`cluster_${id}`])} {`,
      `    label=${quoted([label])}; style=rounded;`,
      ...members.flatMap((member) => {
        const node = boxes.get(member);
        return node === undefined ? [] : [`    ${boxLine(node)}`];
      }),
      "  }",
    ]),
    ...drawn.edges.map((edge) => `  ${edgeLine(edge, boxes)}`),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function boxLine(node: GraphNode): string {
  const color = node.state === "down" ? ", color=red, fontcolor=red" : "";
  return `${quoted([node.id])} [label=${quoted([labelOf(node), ...node.details])}, ${shapes[node.kind]}${color}];`;
}

/** Written from the upper box to the lower, because Graphviz puts the first above. */
function edgeLine(edge: GraphEdge, boxes: ReadonlyMap<string, GraphNode>): string {
  const [tierFrom, tierTo] = [boxes.get(edge.from)?.tier ?? 0, boxes.get(edge.to)?.tier ?? 0];
  const [upper, lower] = tierFrom <= tierTo ? [edge.from, edge.to] : [edge.to, edge.from];
  const texts = [edge.label, ...edge.details, ...(edge.impairment?.split("; ") ?? [])];
  const label = texts.filter((text) => text !== undefined);
  const attributes = [
    ...(label.length === 0 ? [] : [`label=${quoted(label)}`]),
    ...(edge.kind === "tunnel" ? ["style=dashed"] : []),
    ...(edge.state === "down" ? ["color=red"] : []),
  ];
  const list = attributes.length === 0 ? "" : ` [${attributes.join(", ")}]`;
  return `${quoted([upper])} -- ${quoted([lower])}${list};`;
}

/** Lines as one quoted string: a backslash would begin an escape such as `\N`, an ampersand an HTML entity. */
function quoted(lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    visible(line).toWellFormed().replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("&", "&amp;"),
  );
  return `"${escaped.join("\\n")}"`;
}
