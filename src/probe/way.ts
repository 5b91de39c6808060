import { errnoName } from "../sys/index.ts";
import type { Link, Neigh } from "../rtnl/index.ts";
import { type Family, type Ip, familyOf, prefixIp } from "../values/index.ts";
import { type Finding, PER_HOP, WEIGHT } from "./finding.ts";
import type { Situation } from "./situation.ts";

/** Names the owners of addresses. */
export interface Owners {
  /** The end that has this address, when it is one of the matrix. */
  readonly endOf: (ip: Ip) => Situation | undefined;
  /** `10.0.0.1 (vm-001)`, or the bare address of a stranger. */
  readonly show: (ip: Ip) => string;
}

/** One namespace on the way of a packet. */
export interface Hop {
  readonly at: Situation;
  readonly dev?: string;
  readonly gateway?: Ip;
}

/** The way of a packet as far as it leads through known namespaces, and what is wrong on it. */
export interface Way {
  readonly hops: readonly Hop[];
  readonly findings: readonly Finding[];
  /** The source address that the first hop chooses. */
  readonly source?: Ip;
}

const MAX_HOPS = 8;
const DEAD_ENDS = new Set(["unreachable", "blackhole", "prohibit", "throw"]);

/** Follows a packet for `dst` from namespace to namespace by asking each one's routing table. */
export function followWay(start: Situation, dst: Ip, size: number | undefined, owners: Owners): Way {
  const findings: Finding[] = [];
  const hops: Hop[] = [];
  let source: Ip | undefined;
  let at: Situation | undefined = start;
  while (at !== undefined && hops.length < MAX_HOPS && !hops.some((hop) => hop.at === at)) {
    const bonus = hops.length * PER_HOP;
    const note = (weight: number, text: string): void => void findings.push({ weight: weight + bonus, text });
    const route = routeFrom(at, dst, note);
    if (route?.local !== true && hops.length > 0 && !at.forwards(familyOf(dst))) {
      note(WEIGHT.noForwarding, noForwarding(at, familyOf(dst)));
    }
    if (route === undefined) break;
    if (hops.length === 0) source = route.source;
    const link = at.link(route.oif);
    hops.push({
      at,
      ...(link === undefined ? {} : { dev: link.name }),
      ...(route.gateway === undefined ? {} : { gateway: route.gateway }),
    });
    if (route.local || link === undefined) break;
    if (size !== undefined && route.mtu !== undefined && route.mtu < size) {
      note(WEIGHT.learntMtu, `the way from ${at.end.name} to ${dst} takes packets of ${route.mtu} bytes at most`);
    }
    examineLink(at, link, size, note);
    examineNeighbour(at, link, route.gateway ?? dst, owners, note);
    at = route.gateway === undefined ? undefined : owners.endOf(route.gateway);
  }
  return { hops, findings, ...(source === undefined ? {} : { source }) };
}

type Note = (weight: number, text: string) => void;

interface Step {
  /** The packet is for this namespace itself. */
  readonly local: boolean;
  readonly oif?: number;
  readonly gateway?: Ip;
  readonly source?: Ip;
  /** Bytes: what the route is told or has learnt. */
  readonly mtu?: number;
}

function routeFrom(at: Situation, dst: Ip, note: Note): Step | undefined {
  const answer = at.lookup(dst);
  const name = at.end.name;
  if ("refusal" in answer) {
    note(WEIGHT.noRoute, `${name} has no route to ${dst} (${errnoName(answer.refusal.errno)})`);
    return undefined;
  }
  const { oif, gateway, prefSrc, type, metrics } = answer.fact;
  if (typeof type === "string" && DEAD_ENDS.has(type)) {
    note(WEIGHT.noRoute, `${name} has a route of type ${type} for ${dst}`);
    return undefined;
  }
  return {
    local: type === "local",
    ...(oif === undefined ? {} : { oif }),
    ...(gateway === undefined ? {} : { gateway }),
    ...(prefSrc === undefined ? {} : { source: prefSrc }),
    ...(metrics?.mtu === undefined ? {} : { mtu: metrics.mtu }),
  };
}

/** Packets are dropped until the kernel has taken note of the carrier (net/core/link_watch.c). */
const NOT_READY = new Set(["down", "dormant", "lowerlayerdown"]);

/** What a link's carrier comes from. */
const supportOf = ({ kind }: Link): string =>
  kind === "macvlan" || kind === "ipvlan" || kind === "vlan" ? "the interface that it stands on" : "its other end";

/** Down, without carrier, or too small for the packet. */
export function examineLink(at: Situation, link: Link, size: number | undefined, note: Note): void {
  const place = `${link.name} of ${at.end.name}`;
  if (!link.up) note(WEIGHT.linkDown, `${place} is down`);
  else if (!link.carrier) note(WEIGHT.noCarrier, `${place} has no carrier: ${supportOf(link)} is down or gone`);
  else if (NOT_READY.has(String(link.operState))) {
    note(WEIGHT.notReady, `${place} is only coming up (operational state ${link.operState})`);
  }
  if (size !== undefined && link.mtu < size) {
    note(WEIGHT.tooBigHere, `the MTU of ${place} is ${link.mtu}, too small for packets of ${size} bytes`);
  }
}

function examineNeighbour(at: Situation, link: Link, ip: Ip, owners: Owners, note: Note): void {
  const neigh = at.neighs.find((one) => one.index === link.index && one.ip === ip);
  if (neigh === undefined) return;
  const place = `${link.name} of ${at.end.name}`;
  if (neigh.state === "failed" || neigh.state === "incomplete") {
    const question = familyOf(ip) === 4 ? "ARP requests" : "neighbour solicitations";
    note(
      WEIGHT.silentNeighbour,
      `${owners.show(ip)} does not answer ${question} on ${place} (neighbour ${neigh.state})`,
    );
    const asker = familyOf(ip) === 4 ? undefined : unusableAsker(at, link);
    if (asker !== undefined)
      note(WEIGHT.tentative, `${place} cannot ask for neighbours yet: its ${asker} is tentative`);
    return;
  }
  const owner = owners.endOf(ip);
  const right = realMac(owner, ip);
  if (neigh.mac === undefined || right?.mac === undefined) return;
  // In a tunnel its end there stands for all addresses of who is there.
  if (owner?.links.some(({ mac }) => mac === neigh.mac) === true) return;
  note(WEIGHT.wrongNeighbour, wrongNeighbour(place, neigh, right, owners.show(ip)));
}

/** Neighbours are asked for from the link-local address (RFC 4861 §7.2.2), once duplicate detection is through. */
function unusableAsker(at: Situation, link: Link): Ip | undefined {
  const own = at.addrs.find(
    ({ index, scope, prefix }) => index === link.index && scope === "link" && familyOf(prefix) === 6,
  );
  return own?.flags.includes("tentative") === true ? prefixIp(own.prefix) : undefined;
}

function realMac(owner: Situation | undefined, ip: Ip): Link | undefined {
  return owner?.link(owner.find(ip)?.index);
}

function wrongNeighbour(place: string, neigh: Neigh, right: Link, shown: string): string {
  return `the neighbour ${shown} on ${place} is set to ${neigh.mac} (${neigh.state}), but its ${right.name} has ${right.mac}`;
}

function noForwarding(at: Situation, family: Family): string {
  const key = family === 4 ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding";
  return `${at.end.name} does not forward IPv${family} (${key} = 0)`;
}

/** The hops in words: `a sends through eth0 to 10.0.0.1 (vm-001)`. */
export function describeHop({ at, dev, gateway }: Hop, verb: string, dst: Ip, owners: Owners): string {
  const through = dev === undefined ? "" : ` through ${dev}`;
  const to = gateway === undefined ? ` straight to ${owners.show(dst)}` : ` via ${owners.show(gateway)}`;
  return `${at.end.name} ${verb}${through}${to}`;
}
