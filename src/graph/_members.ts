import type { Graph, GraphEdge, GraphNode } from "./model.ts";

/** A lab node with all that lives inside it, sorted out for drawing. */
export interface NodeView {
  readonly id: string;
  readonly self: GraphNode;
  readonly uplinks: readonly GraphEdge[];
  /** Its ends of tunnels: lines dock at the first. */
  readonly vteps: readonly GraphNode[];
  /** What the networks have on it, each its bridge and the pods on that. */
  readonly places: readonly PlaceView[];
}

/** A bridge and what hangs on it. */
export interface PlaceView {
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
    const vteps = members.filter(({ kind }) => kind === "vtep");
    return { id: group.id, self, uplinks: uplinks.get(group.id) ?? [], vteps, places: placesOf(members, veths) };
  });
}

function placesOf(members: readonly GraphNode[], veths: ReadonlyMap<string, GraphEdge>): readonly PlaceView[] {
  const bridges = members.filter(({ kind }) => kind === "bridge");
  const places: readonly (GraphNode | undefined)[] = bridges.length === 0 ? [undefined] : bridges;
  return places.map((bridge) => {
    const here = members.filter(({ id }) => bridge === undefined || veths.get(id)?.from === bridge.id);
    const more = here.find(({ kind }) => kind === "more");
    return {
      ...(bridge === undefined ? {} : { bridge }),
      pods: here.filter(({ kind }) => kind === "pod").map((pod) => podView(pod, veths.get(pod.id))),
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
