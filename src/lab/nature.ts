import { type Family, type Prefix, contains, familyOf, prefixIp } from "../values/index.ts";
import { driverOf } from "./driver/index.ts";
import { childSpecOf, isOnSegment, mainOf } from "./topology.ts";
import type { ChildSpec, ExternalSpec, NetworkNode, NodeSpec, PodNetwork, PodSpec, Topology } from "./topology.ts";
import { type Ways, waysOf } from "./underlay/index.ts";

/** Says who shall reach whom; without a family, in any. */
export type Nature = (from: string, to: string, family?: Family) => boolean;

/**
 * Who reaches whom by what the file says, without a look at what was planned: members of one network by its driver and join;
 * others where they are on one segment with addresses that fit, or where the nodes between know both ways. Networks that nobody
 * is in between are apart, whatever their addresses.
 */
export function natureOf(topology: Topology): Nature {
  const stations = stationsOf(topology);
  const realm: Realm = { topology, ways: waysOf(topology.nodes, topology.lans), known: new Map() };
  return (from, to, family) => {
    const [a, b] = [stations.get(from), stations.get(to)];
    if (a === undefined || b === undefined) return false;
    return (family === undefined ? ([4, 6] as const) : [family]).some((each) => reaches(realm, a, b, each));
  };
}

interface Realm {
  readonly topology: Topology;
  readonly ways: Ways;
  /** What is found out about pods of two networks, for all of a node's at once: they have their ways from it. */
  readonly known: Map<string, boolean>;
}

/** A member of the lab, with its addresses by the segments it has them on. */
interface Station {
  readonly links: readonly { readonly segment: string; readonly addrs: readonly Prefix[] }[];
  /** Whom it sends what is not on its links to, per family; a node does it itself. */
  readonly router: (family: Family) => string | undefined;
  readonly is:
    | { readonly kind: "pod"; readonly network: PodNetwork; readonly home: NetworkNode; readonly vlan?: number }
    | { readonly kind: "node"; readonly name: string }
    | { readonly kind: "external"; readonly addrs: readonly Prefix[] };
}

function stationsOf({ nodes, networks, externals }: Topology): ReadonlyMap<string, Station> {
  const stations = new Map<string, Station>();
  for (const node of nodes) stations.set(node.name, nodeStation(node, networks));
  for (const network of networks)
    for (const home of network.nodes)
      for (const pod of home.pods) stations.set(pod.name, podStation(network, home, pod));
  for (const external of externals) stations.set(external.name, externalStation(external));
  return stations;
}

function nodeStation({ name, uplinks }: NodeSpec, networks: readonly PodNetwork[]): Station {
  const among = networks.flatMap((network) =>
    network.nodes
      .filter((node) => node.name === name)
      .map((own) => ({ segment: segmentOf(network, own), addrs: own.gateways })),
  );
  const heard = uplinks.filter(({ deaf }) => deaf !== true);
  const links = [...heard.map(({ lan, addrs }) => ({ segment: `lan ${lan}`, addrs })), ...among];
  return { links, router: () => name, is: { kind: "node", name } };
}

function podStation(network: PodNetwork, home: NetworkNode, { addrs, vlan }: PodSpec): Station {
  const segment = segmentOf(network, home);
  return {
    links: [{ segment: vlan === undefined ? segment : `${segment}, VLAN ${vlan}`, addrs }],
    // The node is in no VLAN.
    router: (family) => (vlan === undefined && isAmong(network, home, family) ? home.name : undefined),
    is: { kind: "pod", network, home, ...(vlan !== undefined && { vlan }) },
  };
}

function externalStation(external: ExternalSpec): Station {
  const { addrs } = mainOf(external);
  return {
    links: [{ segment: `lan ${external.lan}`, addrs }],
    router: (family) => (external.via.some((ip) => familyOf(ip) === family) ? external.gateway : undefined),
    is: { kind: "external", addrs },
  };
}

function segmentOf({ name, join, driver }: PodNetwork, node: NetworkNode): string {
  if (join.kind === "l2" || (isOnSegment(driver) && join.kind !== "none")) return `lan ${join.lan}`;
  return `${name} of ${node.name}`;
}

/** Whether the node has an address among its pods: the gateway they send by. */
function isAmong({ driver }: PodNetwork, { gateways }: NetworkNode, family: Family): boolean {
  return driver.kind === "cni" || gateways.some((gateway) => familyOf(gateway) === family);
}

function reaches(realm: Realm, from: Station, to: Station, family: Family): boolean {
  const inside = reachesInside(from, to, family);
  if (inside !== undefined) return inside;
  const ask = (): boolean => finds(realm, from, to, family) && answers(realm, to, from, family);
  const [one, other] = [kinOf(from), kinOf(to)];
  if (one === undefined || other === undefined || areTogether(from, to)) return ask();
  const key = `${one} ${other} ${family}`;
  const known = realm.known.get(key) ?? ask();
  realm.known.set(key, known);
  return known;
}

/** What pods of a node have in common: their network there. */
function kinOf({ is }: Station): string | undefined {
  return is.kind === "pod" ? `${is.network.name}/${is.home.name}/${is.vlan ?? ""}` : undefined;
}

/** Whether both have an address on one segment. */
function areTogether(from: Station, to: Station): boolean {
  return from.links.some((link) => to.links.some(({ segment }) => segment === link.segment));
}

/** Within one network its driver says it; nothing where they have none in common. */
function reachesInside(from: Station, to: Station, family: Family): boolean | undefined {
  if (to.is.kind !== "pod" || from.is.kind === "external") return undefined;
  const { network, home, vlan } = to.is;
  const { reach } = driverOf(network.driver);
  const joined = network.join.kind !== "none";
  if (from.is.kind === "pod") {
    if (from.is.network !== network) return undefined;
    if (from.is.vlan !== vlan) return false;
    return from.is.home === home ? reach.siblings : joined;
  }
  if (vlan !== undefined) return false;
  const { name } = from.is;
  const own = network.nodes.find((node) => node.name === name);
  // Without an address among its pods a node is a stranger to them.
  if (own === undefined || (own.gateways.length === 0 && !isAmong(network, own, family) && !isChild(network)))
    return undefined;
  return own === home ? reach.ownPods : joined && reach.othersPods;
}

const isChild = ({ driver }: PodNetwork): boolean => childSpecOf(driver) !== undefined;

/** Whether what one sends gets to the other. */
function finds(realm: Realm, from: Station, to: Station, family: Family): boolean {
  if (sees(from, to, family)) return true;
  const child = from.is.kind === "pod" ? childSpecOf(from.is.network.driver) : undefined;
  if (child !== undefined) return findsByLan(realm, from, child, to, family);
  const router = from.router(family);
  return router !== undefined && forwards(realm, router, to, family);
}

/** Pods on a LAN's interface send by that LAN only: they ask on it for everybody, or their node routes over it for them. */
function findsByLan(realm: Realm, from: Station, child: ChildSpec, to: Station, family: Family): boolean {
  const segment = `lan ${child.lan}`;
  const has = (addrs: readonly Prefix[]): boolean => addrs.some((addr) => familyOf(addr) === family);
  const isOnLan = to.links.some((link) => link.segment === segment && has(link.addrs));
  if (isOnSegment(child)) return isOnLan;
  const router = from.router(family);
  if (router === undefined || !forwards(realm, router, to, family)) return false;
  if (isOnLan || to.is.kind !== "pod") return isOnLan;
  const { network, home } = to.is;
  return home.name !== router && network.join.kind === "routes" && network.join.lan === child.lan;
}

/** Answers go to the node where it has put its own address on what its pod sent. */
function answers(realm: Realm, from: Station, to: Station, family: Family): boolean {
  if (finds(realm, from, to, family)) return true;
  if (to.is.kind !== "pod" || from.is.kind !== "external" || !to.is.network.masquerade) return false;
  const { home } = to.is;
  const asNode = nodeStation(home, realm.topology.networks);
  return !isPodAddress(realm.topology, from.is.addrs, family) && finds(realm, from, asNode, family);
}

function isPodAddress({ networks }: Topology, addrs: readonly Prefix[], family: Family): boolean {
  const own = addrs.filter((addr) => familyOf(addr) === family);
  return networks.some(({ nodes }) =>
    nodes.some(({ podNets }) => podNets.some((net) => own.some((addr) => contains(net, prefixIp(addr))))),
  );
}

/** Whether both are on one segment, and the one has an address whose prefix the other's is in. */
function sees(from: Station, to: Station, family: Family): boolean {
  return from.links.some((link) =>
    to.links.some(
      ({ segment, addrs }) =>
        segment === link.segment &&
        addrs.some((addr) =>
          link.addrs.some((own) => familyOf(addr) === family && contains(own, prefixIp(addr)) && own !== addr),
        ),
    ),
  );
}

/** Whether a node passes on what is for that station. */
function forwards({ topology, ways }: Realm, router: string, to: Station, family: Family): boolean {
  if (to.is.kind === "node" && to.is.name === router) return true;
  const node = topology.nodes.find(({ name }) => name === router);
  if (node === undefined) return false;
  if (to.is.kind === "pod" && isChild(to.is.network)) {
    const { reach } = driverOf(to.is.network.driver);
    if (!(to.is.home.name === router ? reach.ownPods : reach.othersPods)) return false;
  }
  if (sees(nodeStation(node, topology.networks), to, family)) return true;
  if (to.is.kind === "node") return ways.toNode(router, to.is.name, family) !== undefined;
  if (to.is.kind === "external") {
    const { addrs } = to.is;
    const known = ways.toLans(router);
    return known.some(({ dst }) => familyOf(dst) === family && addrs.some((addr) => contains(dst, prefixIp(addr))));
  }
  const { network, home, vlan } = to.is;
  if (vlan !== undefined) return false;
  const own = network.nodes.find(({ name }) => name === router);
  if (own !== undefined) return isAmong(network, own, family) && (own === home || network.join.kind !== "none");
  return network.join.kind === "routes" && ways.toNode(router, home.name, family) !== undefined;
}
