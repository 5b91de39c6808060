/** The deeds of this room in a node's own names and numbers: what `netns_test` and `netloom pods` have in common. */
import { OpError } from "../kernel/index.ts";
import { type IfName, familyOf, parseIfName, prefixIp } from "../values/index.ts";
import { netsOf } from "../xcluster/index.ts";
import { type Assignment, assignAddresses } from "./addresses.ts";
import { assignBridgeAddress, connectToBridge, makeBridge } from "./bridge.ts";
import { create } from "./create.ts";
import { PodsError } from "./error.ts";
import type { Job } from "./job.ts";
import type { LocalNode, LocalPod, Some } from "./local-node.ts";
import { requireLowest } from "./lowest.ts";
import { overlayMtu } from "./overlay-name.ts";
import { shuffling } from "./random.ts";
import { gatewaysOf, setDefaultRoutes, setNodeRoutes } from "./routes.ts";
import { LEAST_MTU6 } from "./sysctls.ts";
import { veth } from "./veth.ts";

/** Bytes. */
export interface Sized {
  readonly mtu?: number;
}

export function namesOf(pods: readonly LocalPod[]): readonly IfName[] {
  return pods.map(({ name }) => name);
}

export function createSome(job: Job, node: LocalNode, some: Some): void {
  void node.number;
  create(job, namesOf(node.pods(some)));
}

export function vethSome(job: Job, node: LocalNode, { mtu, ...some }: Some & Sized): void {
  const pods = node.pods(some);
  requireMtu(node, mtu);
  veth(job, namesOf(pods), { ifname: ifnameOf(pods), ...(mtu !== undefined && { mtu }) });
}

/** @throws {PodsError} `usage` for an MTU that the node's addresses cannot have */
export function requireMtu({ settings: { family, templates } }: LocalNode, mtu: number | undefined): void {
  if (mtu === undefined || mtu >= LEAST_MTU6 || family === 4 || !templates.some((one) => one.family === 6)) return;
  throw new PodsError(
    "usage",
    `an MTU of ${mtu} is too small: IPv6 needs ${LEAST_MTU6}`,
    "--family=4 does without IPv6 addresses",
  );
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
  const addresses = random ? shuffling(node).node : node.gateway(host);
  assignBridgeAddress(job, device, addresses);
}

export function linuxBridge(
  job: Job,
  node: LocalNode,
  { random, host, mtu, ...some }: Some & Sized & { readonly random: boolean; readonly host?: number },
): void {
  const name = parseIfName(node.settings.bridge);
  requireMtu(node, mtu);
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
  const gateways = bridge === undefined ? node.gateway(host) : node.wanted(gatewaysOf(job, bridge));
  const mtu = overlayMtu(job, node.others);
  setDefaultRoutes(
    job,
    node.pods(some).map(({ name, ifname }) => ({ pod: name, ifname, gateways })),
    mtu,
  );
}

/** Routes to the pods of every other node, via its address on one net. @throws {PodsError} `failed` where that is no neighbour */
export function nodeRoutes(job: Job, node: LocalNode): void {
  const { net, templates } = node.settings;
  const routes = node.others.flatMap((other) => {
    const hops = node.between(other, net);
    return node.wanted(netsOf(templates, other)).flatMap((dst) => {
      const hop = hops.find((prefix) => familyOf(prefix) === familyOf(dst));
      return hop === undefined ? [] : [{ dst, via: prefixIp(hop) }];
    });
  });
  try {
    setNodeRoutes(job, routes);
  } catch (error) {
    if (!(error instanceof OpError) || error.code !== "refused") throw error;
    const own = node.between(node.number, net).join(" and ");
    const hint = `the way is over net ${net}: give an interface of this node ${own} and bring it up, or name another net (--net)`;
    throw new PodsError("failed", error.message, hint, error);
  }
}

/** The interface in each of some pods. */
export function ifnameOf(pods: readonly LocalPod[]): (name: LocalPod["name"]) => LocalPod["name"] {
  const names = new Map(pods.map(({ name, ifname }) => [name, ifname]));
  return (name) => names.get(name) ?? name;
}
