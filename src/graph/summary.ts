import { idOf, tierOf } from "./model.ts";
import type { Graph, GraphEdge, GraphGroup, GraphNode } from "./model.ts";

/** How much a drawing may show. */
export interface Limits {
  /** Lab nodes; the rest becomes one note. */
  readonly maxNodes: number;
  /** Pods on each node; the rest becomes one `more` box. */
  readonly maxPods: number;
}

/**
 * A smaller graph for a drawing that must stay readable. Nothing goes silently: what is left out is counted in a `more`
 * box or a note, with how many of it are down.
 */
export function summarise(graph: Graph, { maxNodes, maxPods }: Limits): Graph {
  const boxes = new Map(graph.nodes.map((node) => [node.id, node]));
  const shown = graph.groups.slice(0, maxNodes);
  const hidden = graph.groups.slice(maxNodes);
  const summaries = shown.map((group) => summariseGroup(group, boxes, maxPods));
  const kept = new Set(summaries.flatMap(({ group }) => group.members));
  const grouped = new Set(graph.groups.flatMap(({ members }) => members));
  const visible = (id: string): boolean => kept.has(id) || !grouped.has(id);
  return {
    ...graph,
    nodes: [...graph.nodes.filter(({ id }) => !grouped.has(id)), ...summaries.flatMap(({ nodes }) => nodes)],
    edges: [
      ...graph.edges.filter(({ from, to }) => visible(from) && visible(to)),
      ...summaries.flatMap(({ edge }) => (edge === undefined ? [] : [edge])),
    ],
    groups: summaries.map(({ group }) => group),
    notes: hidden.length === 0 ? graph.notes : [...graph.notes, hiddenNodes(hidden, boxes)],
  };
}

interface GroupSummary {
  readonly group: GraphGroup;
  readonly nodes: readonly GraphNode[];
  /** From the bridge to the `more` box. */
  readonly edge?: GraphEdge;
}

function summariseGroup(group: GraphGroup, boxes: ReadonlyMap<string, GraphNode>, maxPods: number): GroupSummary {
  const members = membersOf(group, boxes);
  const pods = members.filter(({ kind }) => kind === "pod");
  if (pods.length <= maxPods) return { group, nodes: members };
  const dropped = pods.slice(maxPods);
  const more: GraphNode = {
    id: idOf("more", group.label),
    label: `… and ${counted(dropped.length, maxPods === 0 ? "pod" : "more pod")}${downCount(dropped)}`,
    kind: "more",
    tier: tierOf("more"),
    details: [],
  };
  const nodes = [...members.filter((node) => !dropped.includes(node)), more];
  const bridge = members.findLast(({ kind }) => kind === "bridge");
  return {
    group: { ...group, members: nodes.map(({ id }) => id) },
    nodes,
    ...(bridge === undefined ? {} : { edge: { from: bridge.id, to: more.id, kind: "veth", details: [] } }),
  };
}

function hiddenNodes(hidden: readonly GraphGroup[], boxes: ReadonlyMap<string, GraphNode>): string {
  const inside = hidden.flatMap((group) => membersOf(group, boxes));
  const pods = inside.filter(({ kind }) => kind === "pod").length;
  const [first, last] = [hidden[0]?.label ?? "", hidden.at(-1)?.label ?? ""];
  const names = hidden.length === 1 ? first : `${first} … ${last}`;
  return `… and ${counted(hidden.length, "more node")} (${names}) with ${counted(pods, "pod")}${downCount(inside)}`;
}

function membersOf(group: GraphGroup, boxes: ReadonlyMap<string, GraphNode>): readonly GraphNode[] {
  return group.members.flatMap((id) => boxes.get(id) ?? []);
}

/** `1 pod`, `3 pods`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function downCount(nodes: readonly GraphNode[]): string {
  const down = nodes.filter(({ state }) => state === "down").length;
  return down === 0 ? "" : ` (${down} down)`;
}
