/** The deeds of this room in a node's own names and numbers: what `netns_test` and `netloom pods` have in common. */
import { readSmall } from "../sys/index.ts";
import { type Ip, type Prefix, familyOf, parseIfName, prefixIp } from "../values/index.ts";
import { EXTERNAL_HOST, netsOf, nodeAddresses } from "../xcluster/index.ts";
import { type Assignment, assignAddresses } from "./addresses.ts";
import { assignBridgeAddress, attachDevice, connectToBridge, makeBridge } from "./bridge.ts";
import { type Sharing, addChildren } from "./children.ts";
import { create } from "./create.ts";
import { PodsError } from "./error.ts";
import { makeExternal } from "./external.ts";
import { type Job, NODE } from "./job.ts";
import { portOps, requireLink, upOps } from "./link.ts";
import type { LocalNode, LocalPod, Some } from "./local-node.ts";
import { type OverlayType, overlayMtu, setupOverlay } from "./overlay.ts";
import { shuffling } from "./random.ts";
import { gatewaysOf, setDefaultRoutes, setNodeRoutes } from "./routes.ts";
import { hasIpv6, quiet, sysctlOps } from "./sysctls.ts";
import { veth } from "./veth.ts";

/** Bytes. */
interface Sized {
  readonly mtu?: number;
}

const namesOf = (pods: readonly LocalPod[]) => pods.map(({ name }) => name);

export function createSome(job: Job, node: LocalNode, some: Some): void {
  void node.number;
  create(job, namesOf(node.pods(some)));
}

export function vethSome(job: Job, node: LocalNode, { mtu, ...some }: Some & Sized): void {
  const pods = node.pods(some);
  veth(job, namesOf(pods), { ifname: ifnameOf(pods), ...(mtu !== undefined && { mtu }) });
}

/** By number, or of the shuffled list. Both may be on a pod. */
export function assignSome(job: Job, node: LocalNode, { random, ...some }: Some & { readonly random: boolean }): void {
  const addresses = random ? shuffling(node).pod : ({ number }: LocalPod) => node.addresses(node.net, number);
  const assignments = node
    .pods(some)
    .map((pod): Assignment => ({ pod: pod.name, ifname: pod.ifname, prefixes: addresses(pod) }));
  assignAddresses(job, assignments);
}

export function createWithAddresses(
  job: Job,
  node: LocalNode,
  options: Some & Sized & { readonly random: boolean },
): void {
  createSome(job, node, options);
  vethSome(job, node, options);
  assignSome(job, node, options);
}

/** @throws {PodsError} `failed` where the kernel cannot use the lowest address of a network */
export function assignToBridge(
  job: Job,
  node: LocalNode,
  device: string,
  { random, host = 0 }: { readonly random: boolean; readonly host?: number },
): void {
  if (!random && host === 0) requireLowest(node);
  assignBridgeAddress(job, device, random ? shuffling(node).node : node.addresses(node.net, host));
}

/** Linux takes the lowest address of an IPv4 network as a host's since 5.14. */
const SINCE = [5, 14] as const;

function requireLowest(node: LocalNode): void {
  const release = readSmall("/proc/sys/kernel/osrelease") ?? "";
  const [major = SINCE[0], minor = SINCE[1]] = release.split(".").map(Number);
  if (Number.isNaN(minor) || major > SINCE[0] || (major === SINCE[0] && minor >= SINCE[1])) return;
  const lowest = node.addresses(node.net, 0).find((prefix) => familyOf(prefix) === 4);
  if (lowest === undefined) return;
  throw new PodsError(
    "failed",
    `${prefixIp(lowest)} cannot be a gateway: Linux ${release} takes the lowest address of a network for a broadcast address`,
    "use another host of the network: --gateway-host=1, here and for set_default_route; or Linux 5.14 or newer",
  );
}

export function linuxBridge(
  job: Job,
  node: LocalNode,
  { random, host, mtu, ...some }: Some & Sized & { readonly random: boolean; readonly host?: number },
): void {
  const name = parseIfName(node.settings.bridge);
  makeBridge(job, name, mtu === undefined ? {} : { mtu });
  assignToBridge(job, node, name, { random, ...(host !== undefined && { host }) });
  connectToBridge(job, name, namesOf(node.pods(some)));
}

export function connectSome(job: Job, node: LocalNode, bridge: string, some: Some): void {
  connectToBridge(job, bridge, namesOf(node.pods(some)));
}

/** @param bridge - whose addresses are the gateways; without one, `host` of the node's own net */
export function defaultRoutes(
  job: Job,
  node: LocalNode,
  { bridge, host = 0, ...some }: Some & { readonly bridge?: string; readonly host?: number },
): void {
  const gateways = bridge === undefined ? node.addresses(node.net, host) : node.wanted(gatewaysOf(job, bridge));
  const mtu = overlayMtu(job);
  setDefaultRoutes(
    job,
    node.pods(some).map(({ name, ifname }) => ({ pod: name, ifname, gateways })),
    mtu,
  );
}

/** The node's address of each family between the nodes. */
function between(node: LocalNode, number: number, net: number): readonly Prefix[] {
  return node.wanted(nodeAddresses(node.settings.prefix, net, number));
}

/** Routes to the pods of every other node, via its address on one net. */
export function nodeRoutes(job: Job, node: LocalNode): void {
  const { net, templates } = node.settings;
  const routes = node.others.flatMap((other) => {
    const hops = between(node, other, net);
    return node.wanted(netsOf(templates, other)).flatMap((dst) => {
      const hop = hops.find((prefix) => familyOf(prefix) === familyOf(dst));
      return hop === undefined ? [] : [{ dst, via: prefixIp(hop) }];
    });
  });
  setNodeRoutes(job, routes);
}

/** A node's IPv6 address on one of the nodes' nets. */
function underlayOf(prefix: string, net: number, number: number): Ip {
  const found = nodeAddresses(prefix, net, number).find((one) => familyOf(one) === 6);
  if (found !== undefined) return prefixIp(found);
  throw new PodsError(
    "usage",
    `node ${number} has no IPv6 address on net ${net}`,
    "PREFIX is what its addresses begin with",
  );
}

/** The same by an overlay: only the nodes' IPv6 addresses are seen between them. */
export function overlay(
  job: Job,
  node: LocalNode,
  { type, device }: { readonly type: OverlayType; readonly device?: string },
): void {
  const { net, prefix, templates } = node.settings;
  const seen = (number: number) => ({
    number,
    underlay: underlayOf(prefix, net, number),
    nets: node.wanted(netsOf(templates, number)),
  });
  const source = node.addresses(node.net, 0).find((one) => familyOf(one) === 4);
  setupOverlay(
    job,
    {
      type,
      device: device ?? `eth${net}`,
      own: seen(node.number),
      peers: node.others.map(seen),
      ...(source !== undefined && { source: prefixIp(source) }),
    },
    namesOf(node.pods()),
  );
}

export function childrenOf(
  job: Job,
  node: LocalNode,
  master: string,
  { sharing, mtu, ...some }: Some & Sized & { readonly sharing: Sharing },
): void {
  const pods = node.pods(some);
  void node.number;
  addChildren(job, master, namesOf(pods), sharing, { ifname: ifnameOf(pods), ...(mtu !== undefined && { mtu }) });
}

/** The node's interface in the bridge, and its addresses on the bridge. */
export function attachNode(job: Job, node: LocalNode, device: string | undefined): void {
  const { net, bridge } = node.settings;
  attachDevice(job, device ?? `eth${net}`, bridge, between(node, node.number, net));
}

/** A bridge without addresses, with pods of its own and one device of the node. */
export function isolatedBridge(
  job: Job,
  node: LocalNode,
  bridge: string,
  device: string,
  options: Sized & { readonly random: boolean },
): void {
  const own = node.withPrefix(`${bridge}-`);
  const name = parseIfName(bridge);
  const port = requireLink(job, device, `connect ${device} to ${bridge}`);
  createWithAddresses(job, own, options);
  makeBridge(job, name, { sysctls: quiet(name) });
  connectToBridge(job, name, namesOf(own.pods()));
  const sysctls = hasIpv6(job.kernel, NODE) ? sysctlOps(job.kernel, NODE, quiet(port.name)) : [];
  const ops = portOps(port, name, { up: true });
  job.run([...sysctls, ...(ops.length === 0 ? upOps(port) : ops)]);
}

/** Devices of the node in namespaces of their own, `<hostname>-<device>`: host 100 of net 0, outside of the cluster. */
export function externals(job: Job, node: LocalNode, devices: readonly string[]): void {
  for (const device of devices) {
    makeExternal(job, `${node.hostname}-${device}`, device, node.addresses(0, EXTERNAL_HOST));
  }
}

function ifnameOf(pods: readonly LocalPod[]): (name: LocalPod["name"]) => LocalPod["name"] {
  const names = new Map(pods.map(({ name, ifname }) => [name, ifname]));
  return (name) => names.get(name) ?? name;
}
