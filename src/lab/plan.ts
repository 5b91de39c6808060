import { aliasFor } from "../change/index.ts";
import type { LinkSpecOf, LinkState, LinkWish, NetnsWish, QdiscSpec, Wish } from "../change/index.ts";
import type { IfName } from "../values/index.ts";
import { type NetworkDriver, bridgeLink, driverOf, planImpairments, silent } from "./driver/index.ts";
import { emptyPart, planJoin } from "./join/index.ts";
import type { JoinPart } from "./join/index.ts";
import { planMasquerade } from "./masquerade.ts";
import { deviceMtu, networksOn } from "./topology.ts";
import type { LanSpec, NetworkNode, NodeSpec, PodNetwork, PodSpec, Topology, Uplink } from "./topology.ts";

/** Addresses are given, not guessed: nothing to wait for and nothing to learn from routers. */
const staticIpv6 = {
  "net.ipv6.conf.all.accept_dad": "0",
  "net.ipv6.conf.default.accept_dad": "0",
  "net.ipv6.conf.all.accept_ra": "0",
  "net.ipv6.conf.default.accept_ra": "0",
} as const;

/** A new namespace copies the host's IPv4 settings, so those that matter here are set, also to their defaults. */
const nodeSysctls = {
  ...staticIpv6,
  "net.ipv4.ip_forward": "1",
  "net.ipv6.conf.all.forwarding": "1",
  // With several LANs an answer may take another way than the question.
  "net.ipv4.conf.all.rp_filter": "0",
  "net.ipv4.conf.default.rp_filter": "0",
  // A gateway that shares the segment with everybody does not tell pods to bypass it.
  "net.ipv4.conf.all.send_redirects": "0",
  "net.ipv4.conf.default.send_redirects": "0",
} as const;

/** The cables and switches have no addresses, not even link-local ones: only the nodes' frames are on them. */
const fabricSysctls = {
  "net.ipv6.conf.all.disable_ipv6": "1",
  "net.ipv6.conf.default.disable_ipv6": "1",
} as const;

/** All that a lab is in the kernel. Equal topologies give equal wishes, in the same order. */
export function planWish(topology: Topology): Wish {
  const joins = new Map(topology.networks.map((network) => [network, planJoin(network)]));
  const qdiscs = planImpairments(topology);
  const fabric = topology.lans.length === 0 ? [] : [planFabric(topology)];
  const nodes = topology.nodes.map((node) => {
    const presences = networksOn(topology, node.name).map((each) => {
      const part = joins.get(each.network)?.(each.node) ?? emptyPart;
      return { ...each, driver: driverOf(each.network.driver), part };
    });
    return planNode(topology, node, presences);
  });
  const pods = topology.networks.flatMap((network) =>
    network.nodes.flatMap((node) => node.pods.map((pod) => planPod(network, node, pod))),
  );
  const namespaces = [...fabric, ...nodes, ...pods];
  return {
    owner: topology.owner,
    namespaces: qdiscs.size === 0 ? namespaces : namespaces.map((netns) => withQdiscs(netns, qdiscs)),
  };
}

function planFabric(topology: Topology): NetnsWish {
  const bridges = topology.lans.map((lan) => bridgeLink(topology, lan.bridge, lan.name, lan.mtu));
  const silentBridges = bridges.map((link) => ({ spec: { ...link.spec, ...silent(link.spec.mtu ?? 0) } }));
  const lans = new Map(topology.lans.map((lan) => [lan.name, lan]));
  const ports = topology.nodes.flatMap((node) =>
    node.uplinks.map((uplink) => fabricPort(topology, lanOf(lans, uplink), node, uplink)),
  );
  return { name: topology.fabric, sysctls: fabricSysctls, links: [...silentBridges, ...ports] };
}

function fabricPort({ owner }: Topology, lan: LanSpec, node: NodeSpec, uplink: Uplink): LinkWish {
  const long = `${node.name}-${uplink.dev}`;
  return {
    spec: {
      ...named(owner, uplink.port, lan.name, long),
      kind: "veth",
      peer: { netns: node.netns, name: uplink.dev },
      mtu: lan.mtu,
      master: lan.bridge,
      ...silent(lan.mtu),
      up: true,
    },
  };
}

/** A network on a node: what attaches its pods there, and what its join adds. */
interface Presence {
  readonly network: PodNetwork;
  readonly node: NetworkNode;
  readonly driver: NetworkDriver;
  readonly part: JoinPart;
}

function planNode(topology: Topology, node: NodeSpec, presences: readonly Presence[]): NetnsWish {
  const lans = new Map(topology.lans.map((lan) => [lan.name, lan]));
  const links = [
    ...presences.flatMap(({ network, driver, part, node: own }) =>
      driver.plan(network, own, [...own.gateways, ...(part.bridged?.addrs ?? [])]),
    ),
    ...node.uplinks.map((uplink) => {
      const lan = lanOf(lans, uplink);
      const owner = presences.find(({ part }) => part.bridged?.dev === uplink.dev);
      return uplinkLink(topology, node, uplink, lan, owner?.driver.port(owner.node, lan.mtu));
    }),
    ...presences.flatMap(({ part }) => part.links),
    ...presences.flatMap(({ network, driver, node: own }) =>
      own.pods.flatMap((pod) =>
        pod.port === undefined || driver.shares
          ? []
          : [podPort(network, own, pod, pod.port, driver.port(own, deviceMtu(network.mtu)))],
      ),
    ),
  ];
  const routes = presences.flatMap(({ part }) => part.routes);
  const neighs = presences.flatMap(({ part }) => part.neighs);
  const fdb = presences.flatMap(({ part }) => part.fdb);
  return {
    name: node.netns,
    hostname: node.name,
    ...(presences.some(({ driver }) => driver.shares) && { shared: true }),
    sysctls: Object.assign({}, nodeSysctls, ...presences.map(({ driver, node: own }) => driver.sysctls?.(own))),
    links,
    ...(routes.length === 0 ? {} : { routes }),
    ...(neighs.length === 0 ? {} : { neighs }),
    ...(fdb.length === 0 ? {} : { fdb }),
    nft: [planMasquerade(topology, node)],
  };
}

function uplinkLink(
  topology: Topology,
  node: NodeSpec,
  uplink: Uplink,
  lan: LanSpec,
  asPort: LinkState | undefined,
): LinkWish {
  const spec: LinkSpecOf<"veth"> = {
    ...named(topology.owner, uplink.dev, node.name, uplink.dev),
    kind: "veth",
    peer: { netns: topology.fabric, name: uplink.port },
    mac: uplink.mac,
    mtu: lan.mtu,
    ...asPort,
    up: true,
  };
  return asPort === undefined ? { spec, addrs: uplink.addrs.map((prefix) => ({ prefix, noDad: true })) } : { spec };
}

function podPort(network: PodNetwork, node: NodeSpec, pod: PodSpec, port: IfName, asPort: LinkState): LinkWish {
  return {
    spec: {
      ...named(network.owner, port, node.name, pod.name),
      kind: "veth",
      peer: { netns: pod.netns, name: pod.ifname },
      mtu: deviceMtu(network.mtu),
      ...asPort,
      up: true,
    },
  };
}

/**
 * No sysctls here: each look-up in /proc/sys/net walks the entries of all namespaces, so a thousand pods would take seconds.
 * Without a link-local address and with addresses that need no detection nothing is left to set.
 */
function planPod(network: PodNetwork, node: NetworkNode, pod: PodSpec): NetnsWish {
  const end = driverOf(network.driver).pod(network, node, pod);
  if (end === undefined) return { name: pod.netns, hostname: pod.name, shared: true, links: [] };
  const mtu = deviceMtu(network.mtu);
  const link: LinkWish = {
    spec: {
      ...named(network.owner, pod.ifname, pod.name, pod.ifname),
      ...end.link,
      mtu,
      ...silent(mtu),
      up: true,
    },
    addrs: pod.addrs.map((prefix) => ({ prefix, noDad: true })),
  };
  return { name: pod.netns, hostname: pod.name, links: [link], routes: end.routes };
}

/** Name and tag of a link in `place`; where its own name is too long for the kernel, it is an alternative name. */
function named(
  owner: string,
  name: Uplink["dev"],
  place: string,
  long: string,
): Pick<LinkSpecOf<"veth">, "name" | "alias" | "altNames"> {
  return { name, alias: aliasFor(owner, `${place}/${long}`), ...(long === name ? {} : { altNames: [long] }) };
}

function lanOf(lans: ReadonlyMap<string, LanSpec>, uplink: Uplink): LanSpec {
  const lan = lans.get(uplink.lan);
  if (lan === undefined) throw new TypeError(`the topology has no LAN ${uplink.lan}`);
  return lan;
}

function withQdiscs(netns: NetnsWish, qdiscs: ReadonlyMap<string, QdiscSpec>): NetnsWish {
  const links = netns.links.map((link) => {
    const qdisc = qdiscs.get(`${netns.name}/${link.spec.name}`);
    return qdisc === undefined ? link : { ...link, qdisc };
  });
  return { ...netns, links };
}
