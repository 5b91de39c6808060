import { childSpecOf, isOnSegment, mainOf, networksOn, tunnelsOn } from "../lab/topology.ts";
import type {
  ChildSpec,
  ExternalSpec,
  JoinSpec,
  LanSpec,
  MtuSpec,
  NetworkNode,
  NodeSpec,
  PodNetwork,
  PodSpec,
  Topology,
} from "../lab/topology.ts";
import { impairmentText } from "./_impairment.ts";
import { overlayOf } from "./_overlay.ts";
import type { Overlay } from "./_overlay.ts";
import { idOf, placeNames, tierOf } from "./model.ts";
import type { Graph, GraphEdge, GraphGroup, GraphNode, NodeKind, States } from "./model.ts";

/** The graph of a lab, with the states that somebody observed, if any. The same input gives the same graph. */
export function graphOf(topology: Topology, states: States = new Map()): Graph {
  const overlays = topology.networks.flatMap((network) => {
    const overlay = overlayOf(topology, network);
    return overlay === undefined ? [] : [overlayParts(overlay, states)];
  });
  const parts = [
    ...topology.nodes.map((node) => nodeParts(topology, node, states)),
    ...topology.externals.map((external) => externalParts(topology, external, states)),
  ];
  return {
    name: topology.name,
    nodes: [
      ...topology.lans.map((lan) => lanBox(lan, states)),
      ...overlays.map((overlay) => overlay.box),
      ...parts.flatMap(({ boxes }) => boxes),
    ],
    edges: [...overlays.map((overlay) => overlay.edge), ...parts.flatMap(({ edges }) => edges)],
    groups: parts.map(({ group }) => group),
    notes: notesOf(topology),
  };
}

/** Bytes that fit the pods' and the joining devices, or absent when no family is in use. */
function podMtu({ mtu }: PodNetwork): number | undefined {
  const sizes = [mtu.ipv4, mtu.ipv6].flatMap((spec) => (spec === undefined ? [] : [spec.bytes]));
  return sizes.length === 0 ? undefined : Math.min(...sizes);
}

function box(kind: NodeKind, id: string, label: string, details: readonly string[], states: States): GraphNode {
  const state = states.get(id);
  return { id, label, kind, tier: tierOf(kind), details, ...(state === undefined ? {} : { state }) };
}

function edge(
  kind: GraphEdge["kind"],
  from: string,
  to: string,
  states: States,
  more: Partial<Pick<GraphEdge, "label" | "details" | "impairment">> & { readonly lower?: string } = {},
): GraphEdge {
  const { lower = to, label, details = [], impairment } = more;
  const state = states.get(lower);
  return {
    from,
    to,
    kind,
    details,
    ...(label === undefined ? {} : { label }),
    ...(state === undefined ? {} : { state }),
    ...(impairment === undefined ? {} : { impairment }),
  };
}

function lanBox({ name, prefixes, mtu, vlan }: LanSpec, states: States): GraphNode {
  const tag = vlan === undefined ? [] : [`vlan ${vlan.id} on ${vlan.on}`];
  return box("lan", idOf("lan", name), name, [...prefixes, ...tag, `mtu ${mtu}`], states);
}

function overlayParts(
  { id, label, carrier, details, lan }: Overlay,
  states: States,
): { box: GraphNode; edge: GraphEdge } {
  return {
    box: box("overlay", id, label, details, states),
    edge: edge("tunnel", id, idOf("lan", lan), states, { label: carrier, lower: id }),
  };
}

function nodeParts(
  topology: Topology,
  node: NodeSpec,
  states: States,
): { boxes: readonly GraphNode[]; edges: readonly GraphEdge[]; group: GraphGroup } {
  const self = idOf("node", node.name);
  const here = networksOn(topology, node.name);
  const nets = here.flatMap((each) => each.node.podNets);
  const parts = here.map((each) => presenceParts(topology, each.network, each.node, states));
  const boxes = [
    box(
      "node",
      self,
      node.name,
      [...new Set(nets)].map((net) => `pods ${net}`),
      states,
    ),
    ...parts.flatMap((part) => part.boxes),
  ];
  const edges = [...uplinkEdges(topology, node, states), ...parts.flatMap((part) => part.edges)];
  const group = {
    id: idOf("group", node.name),
    label: node.name,
    node: self,
    members: boxes.map(({ id }) => id),
  };
  return { boxes, edges, group };
}

/** A host outside: a box of its own on its LAN. */
function externalParts(
  { impairments, fabric }: Topology,
  external: ExternalSpec,
  states: States,
): { boxes: readonly GraphNode[]; edges: readonly GraphEdge[]; group: GraphGroup } {
  const { name, netns, gateway } = external;
  const { lan, dev, port, addrs } = mainOf(external);
  const self = idOf("external", name);
  const details = gateway === undefined ? [] : [`gateway ${gateway}`];
  const impairment = impairmentText(
    impairments,
    { netns, dev },
    port === undefined ? undefined : { netns: fabric, dev: port },
  );
  return {
    boxes: [box("external", self, name, details, states)],
    edges: [
      edge("underlay", self, idOf("lan", lan), states, {
        label: dev,
        details: addrs,
        lower: self,
        ...(impairment === undefined ? {} : { impairment }),
      }),
    ],
    group: { id: idOf("group", "external", name), label: name, node: self, members: [self] },
  };
}

/** A network on a node: its bridge, its end of the overlay, its pods. */
function presenceParts(
  topology: Topology,
  network: PodNetwork,
  node: NetworkNode,
  states: States,
): { boxes: readonly GraphNode[]; edges: readonly GraphEdge[] } {
  const overlay = overlayOf(topology, network);
  const mtu = podMtu(network);
  const mtuLine = mtu === undefined ? [] : [`mtu ${mtu}`];
  const names = placeNames(topology, network, node);
  const self = idOf("node", node.name);
  const bridge = idOf("bridge", ...names);
  const vtep = overlay === undefined ? undefined : vtepBox(overlay, network, node, names, mtuLine, states);
  return {
    boxes: [
      ...(vtep === undefined ? [] : [vtep]),
      box("bridge", bridge, node.bridge, [...node.gateways, ...childLine(network, node), ...mtuLine], states),
      ...node.pods.map((pod) =>
        box("pod", idOf("pod", node.name, pod.name), pod.name, [...pod.addrs, ...vlanLine(pod)], states),
      ),
    ],
    edges: [
      ...(vtep === undefined || overlay === undefined
        ? []
        : [edge("port", self, vtep.id, states), edge("tunnel", vtep.id, overlay.id, states, { lower: vtep.id })]),
      edge("port", self, bridge, states),
      ...node.pods.map((pod) => podEdge(topology, node, bridge, pod, states)),
    ],
  };
}

const vlanLine = ({ vlan }: PodSpec): readonly string[] => (vlan === undefined ? [] : [`VLAN ${vlan}`]);

/** What the box of a bridge stands for where pods stand on an interface on a LAN: the node's place beside them. */
function childLine({ driver }: PodNetwork, node: NetworkNode): readonly string[] {
  const child = childSpecOf(driver);
  const below = node.uplinks.find(({ lan }) => lan === child?.lan);
  return child === undefined || below === undefined ? [] : [`${childText(child)} on ${below.dev}`];
}

/** `ipvlan l3 private`, `macvlan bridge`. */
function childText(child: ChildSpec): string {
  return [child.kind, child.mode, ...(child.kind === "ipvlan" && child.flag !== "bridge" ? [child.flag] : [])].join(
    " ",
  );
}

function vtepBox(
  overlay: Overlay,
  network: PodNetwork,
  node: NetworkNode,
  names: readonly string[],
  mtuLine: readonly string[],
  states: States,
): GraphNode {
  const address = overlay.ends.get(node.name)?.ip;
  const details = [...(address === undefined ? [] : [address]), ...mtuLine];
  return box("vtep", idOf("vtep", ...names), tunnelsOn(network, node).join(" "), details, states);
}

function uplinkEdges(topology: Topology, node: NodeSpec, states: States): readonly GraphEdge[] {
  const { impairments, fabric } = topology;
  const bridges = networksOn(topology, node.name).filter(
    ({ network: { join, driver } }) => join.kind === "l2" && childSpecOf(driver) === undefined,
  );
  return node.uplinks.map((uplink) => {
    const bridged = bridges.find(({ network: { join } }) => join.kind === "l2" && join.lan === uplink.lan);
    const impairment = impairmentText(
      impairments,
      { netns: node.netns, dev: uplink.dev },
      uplink.port === undefined ? undefined : { netns: fabric, dev: uplink.port },
    );
    const from =
      bridged === undefined
        ? idOf("node", node.name)
        : idOf("bridge", ...placeNames(topology, bridged.network, bridged.node));
    return edge("underlay", from, idOf("lan", uplink.lan), states, {
      label: uplink.dev,
      details: uplink.addrs,
      lower: from,
      ...(impairment === undefined ? {} : { impairment }),
    });
  });
}

function podEdge(topology: Topology, node: NodeSpec, bridge: string, pod: PodSpec, states: States): GraphEdge {
  const impairment = impairmentText(
    topology.impairments,
    { netns: pod.netns, dev: pod.ifname },
    pod.port === undefined ? undefined : { netns: node.netns, dev: pod.port },
  );
  return edge("veth", bridge, idOf("pod", node.name, pod.name), states, {
    label: pod.ifname,
    ...(impairment === undefined ? {} : { impairment }),
  });
}

function notesOf({ networks }: Topology): readonly string[] {
  if (networks.length === 1) return networks.flatMap(notesOfNetwork);
  return networks.flatMap((network) => notesOfNetwork(network).map((note) => `${network.name}: ${note}`));
}

function notesOfNetwork({ driver, join, mtu: { ipv4, ipv6 } }: PodNetwork): readonly string[] {
  const note = (name: string, spec: MtuSpec | undefined): readonly string[] =>
    spec === undefined ? [] : [`${name} ${spec.bytes}: ${spec.because}`];
  const same = ipv4?.bytes === ipv6?.bytes && ipv4?.because === ipv6?.because;
  const child = childSpecOf(driver);
  const notes = child === undefined ? [joinNote(join)] : childNotes(child, join);
  return [...notes, ...(same ? note("MTU", ipv4) : [...note("IPv4 MTU", ipv4), ...note("IPv6 MTU", ipv6)])];
}

function childNotes(child: ChildSpec, join: JoinSpec): readonly string[] {
  const note = `pods on the nodes' interfaces on ${child.lan}: ${childText(child)}`;
  return isOnSegment(child) ? [note] : [note, joinNote(join)];
}

function joinNote(join: JoinSpec): string {
  switch (join.kind) {
    case "none":
      return "every node on its own";
    case "l2":
      return `joined by l2: every node's bridge has a port on ${join.lan}`;
    case "routes":
      return `joined by routes: the nodes route to each other's pods over ${join.lan ?? "the LANs between them, the shortest way"}`;
    case "vxlan":
      return `joined by ${join.external ? "external " : ""}vxlan ${join.vni}: ${join.dev}, udp ${join.port}, over ${join.lan} (IPv${join.underlay})`;
    case "ip6tnl":
      return `joined by ip6tnl over ${join.lan}: ${join.external ? "one device, each route names the other end" : "a device for each other node"}`;
  }
}
