import type { Graph, GraphEdge, GraphNode } from "./model.ts";

/** A lab node with all that lives inside it, sorted out for drawing. */
export interface NodeView {
  readonly id: string;
  readonly self: GraphNode;
  readonly uplinks: readonly GraphEdge[];
  readonly vtep?: GraphNode;
  readonly bridge?: GraphNode;
  readonly pods: readonly PodView[];
  readonly more?: GraphNode;
}

export interface PodView {
  readonly pod: GraphNode;
  /** What is done to its packets. */
  readonly impairment?: string;
}

/** The lab nodes of a graph in order. Takes time in proportion to its boxes and lines. */
export function viewsOf(graph: Graph): readonly NodeView[] {
  const boxes = new Map(graph.nodes.map((node) => [node.id, node]));
  const veths = new Map(graph.edges.filter(isKind("veth")).map((edge) => [edge.to, edge]));
  const owners = new Map(graph.groups.flatMap(({ id, members }) => members.map((box) => [box, id])));
  const uplinks = Map.groupBy(graph.edges.filter(isKind("underlay")), ({ from }) => owners.get(from));
  return graph.groups.flatMap((group) => {
    const members = group.members.flatMap((id) => boxes.get(id) ?? []);
    const self = boxes.get(group.node);
    if (self === undefined) return [];
    const vtep = members.find(({ kind }) => kind === "vtep");
    const bridge = members.find(({ kind }) => kind === "bridge");
    const more = members.find(({ kind }) => kind === "more");
    const pods = members.filter(({ kind }) => kind === "pod");
    return {
      id: group.id,
      self,
      uplinks: uplinks.get(group.id) ?? [],
      ...(vtep === undefined ? {} : { vtep }),
      ...(bridge === undefined ? {} : { bridge }),
      pods: pods.map((pod) => podView(pod, veths.get(pod.id))),
      ...(more === undefined ? {} : { more }),
    };
  });
}

/** The address without its length, which for pods is that of their bridge. */
export function bare(address: string): string {
  return address.replace(/\/\d+$/, "");
}

function podView(pod: GraphNode, edge: GraphEdge | undefined): PodView {
  return edge?.impairment === undefined ? { pod } : { pod, impairment: edge.impairment };
}

function isKind(kind: GraphEdge["kind"]): (edge: GraphEdge) => boolean {
  return (edge) => edge.kind === kind;
}
