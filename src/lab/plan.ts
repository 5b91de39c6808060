import type { LinkState, LinkWish, NetnsName, NetnsWish, QdiscSpec, Wish } from "../change/index.ts";
import type { IfName } from "../values/index.ts";
import { type NetworkDriver, driverOf, planImpairments, senders, silent } from "./driver/index.ts";
import { emptyPart, planJoin, planPassing } from "./join/index.ts";
import type { JoinPart } from "./join/index.ts";
import { linkNames } from "./link-names.ts";
import { planMasquerade } from "./masquerade.ts";
import { switchFolders } from "./switches.ts";
import { deviceMtu, networksOn } from "./topology.ts";
import type { NetworkNode, NodeSpec, PodNetwork, PodSpec, Topology } from "./topology.ts";
import { type Ways, lanOf, planExternal, planFabric, planUplink, waysOf } from "./underlay/index.ts";

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

/** All that a lab is in the kernel. Equal topologies give equal wishes, in the same order. */
export function planWish(topology: Topology, folderOf = switchFolders(topology.name)): Wish {
  const ways = waysOf(topology.nodes, topology.lans);
  const joins = new Map(topology.networks.map((network) => [network, planJoin(network, ways)]));
  const qdiscs = planImpairments(topology);
  const fabric = topology.lans.length === 0 ? [] : [planFabric(topology)];
  const nodes = topology.nodes.map((node) => {
    const presences = networksOn(topology, node.name).map((each) => {
      const part = joins.get(each.network)?.(each.node) ?? emptyPart;
      return { ...each, driver: driverOf(each.network.driver), part };
    });
    return planNode(topology, node, presences, ways, folderOf);
  });
  const pods = topology.networks.flatMap((network) =>
    network.nodes.flatMap((node) => node.pods.map((pod) => planPod(network, node, pod))),
  );
  const externals = topology.externals.map((external) => planExternal(topology, external));
  const all = [...fabric, ...nodes, ...externals, ...pods].map(withLoopback);
  const namespaces = withChecksums(all, senders(topology));
  return {
    owner: topology.owner,
    namespaces: qdiscs.size === 0 ? namespaces : namespaces.map((netns) => withQdiscs(netns, qdiscs)),
  };
}

/** Loopback is up when a namespace is made, and shall stay so. */
function withLoopback(netns: NetnsWish): NetnsWish {
  return { ...netns, loopback: netns.loopback ?? { state: { up: true } } };
}

/** A network on a node: what attaches its pods there, and what its join adds. */
interface Presence {
  readonly network: PodNetwork;
  readonly node: NetworkNode;
  readonly driver: NetworkDriver;
  readonly part: JoinPart;
}

function planNode(
  topology: Topology,
  node: NodeSpec,
  presences: readonly Presence[],
  ways: Ways,
  folderOf: (netns: NetnsName) => string,
): NetnsWish {
  const links = [
    ...presences.flatMap(({ network, driver, part, node: own }) =>
      driver.plan(network, own, [...own.gateways, ...(part.bridged?.addrs ?? [])]),
    ),
    ...node.uplinks.map((uplink) => {
      const owner = presences.find(({ part }) => part.bridged?.dev === uplink.dev);
      return planUplink(topology, node, uplink, owner?.driver.port(owner.node, lanOf(topology, uplink).mtu));
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
  const routes = [
    ...presences.flatMap(({ part }) => part.routes),
    ...topology.networks.flatMap((network) => planPassing(network, node, ways)),
    ...ways.toLans(node.name),
  ];
  const neighs = presences.flatMap(({ part }) => part.neighs);
  const fdb = presences.flatMap(({ part }) => part.fdb);
  return {
    name: node.netns,
    hostname: node.name,
    ...(presences.some(({ driver }) => driver.shares) && { shared: true }),
    ...switchOf(node, presences, folderOf),
    sysctls: Object.assign({}, nodeSysctls, ...presences.map(({ driver, node: own }) => driver.sysctls?.(own))),
    links,
    ...(routes.length === 0 ? {} : { routes }),
    ...(neighs.length === 0 ? {} : { neighs }),
    ...(fdb.length === 0 ? {} : { fdb }),
    nft: [planMasquerade(topology, node)],
  };
}

/** The node's Open vSwitch: one, however many networks have a bridge of it. */
function switchOf(
  node: NodeSpec,
  presences: readonly Presence[],
  folderOf: (netns: NetnsName) => string,
): Pick<NetnsWish, "ovs"> {
  const bridges = presences.flatMap(({ network, driver, part, node: own }) => {
    const addrs = [...own.gateways, ...(part.bridged?.addrs ?? [])];
    return driver.bridge === undefined ? [] : [driver.bridge(network, own, addrs, part.bridged)];
  });
  return bridges.length === 0 ? {} : { ovs: { folder: folderOf(node.netns), bridges } };
}

function podPort(network: PodNetwork, node: NodeSpec, pod: PodSpec, port: IfName, asPort: LinkState): LinkWish {
  return {
    spec: {
      ...linkNames(network.owner, port, node.name, pod.name),
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
      ...linkNames(network.owner, pod.ifname, pod.name, pod.ifname),
      ...end.link,
      mtu,
      ...silent(mtu),
      up: true,
    },
    addrs: pod.addrs.map((prefix) => ({ prefix, noDad: true })),
    ...(end.txChecksum !== undefined && { txChecksum: end.txChecksum }),
  };
  return { name: pod.netns, hostname: pod.name, links: [link], routes: end.routes };
}

/** Links that make the checksums of what they send. */
function withChecksums(namespaces: readonly NetnsWish[], those: ReadonlySet<string>): readonly NetnsWish[] {
  if (those.size === 0) return namespaces;
  return namespaces.map((netns) => {
    const has = ({ spec }: LinkWish): boolean => those.has(`${netns.name}/${spec.name}`);
    if (!netns.links.some(has)) return netns;
    return { ...netns, links: netns.links.map((link) => (has(link) ? { ...link, txChecksum: false } : link)) };
  });
}

function withQdiscs(netns: NetnsWish, qdiscs: ReadonlyMap<string, QdiscSpec>): NetnsWish {
  const links = netns.links.map((link) => {
    const qdisc = qdiscs.get(`${netns.name}/${link.spec.name}`);
    return qdisc === undefined ? link : { ...link, qdisc };
  });
  return { ...netns, links };
}
