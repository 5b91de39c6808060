import type { EncapSpec, FdbSpec, LinkSpec, LinkState, NeighSpec, NextHop, RouteSpec } from "../../change/index.ts";
import type { Request } from "../../netlink/index.ts";
import {
  type Encap,
  type FdbPut,
  type LinkAdd,
  type LinkChange,
  type LinkKey,
  type NeighPut,
  type RouteSet,
  addAltName,
  addLink,
  setLink,
} from "../../rtnl/index.ts";
import type { Session } from "./session.ts";

/** Drops the keys whose value is `undefined`: absent means absent. */
export function present<T extends object>(value: { readonly [K in keyof T]: T[K] | undefined }): T {
  const kept: Partial<T> = {};
  for (const key in value) if (value[key] !== undefined) kept[key] = value[key];
  return kept as T;
}

/** The requests that make a link in its own namespace. A veth's peer goes straight to its final place. */
export function linkAdd(
  session: Session,
  link: LinkSpec,
  {
    peer,
    lower = { session },
  }: {
    readonly peer?: { readonly link: LinkSpec; readonly index: number | undefined; readonly fd: number | undefined };
    /** Where the device below is. */
    readonly lower?: { readonly session: Session; readonly netnsId?: number };
  } = {},
): Request[] {
  if (link.kind === "tun") return madeTun(session, link);
  const index = session.claim(link.name);
  const key = keyOf(index, link.name);
  const upLast = link.up === true && link.addrGenMode !== undefined && link.kind !== "veth";
  const spec = present<Record<string, unknown>>({
    kind: link.kind,
    name: link.name,
    index,
    data: link.kind === "veth" ? undefined : link.data,
    mtu: link.kind === "bridge" ? undefined : link.mtu,
    mac: link.mac,
    master: masterIndex(session, link.master),
    lower: link.lower === undefined ? undefined : lower.session.indexOf(link.lower),
    lowerNetnsId: lower.netnsId,
    up: upLast ? undefined : link.up,
    peer:
      peer === undefined
        ? undefined
        : present({
            name: peer.link.name,
            index: peer.index,
            netnsFd: peer.fd,
            mtu: peer.link.mtu,
            mac: peer.link.mac,
          }),
  });
  // Checked by the type of LinkSpec; LinkAdd says the same with numbers for names.
  return [
    addLink(spec as unknown as LinkAdd),
    ...afterwards(key, link),
    ...(upLast ? [setLink(key, { up: true })] : []),
  ];
}

/** A tun device was made when it was opened; this is the rest. */
function madeTun(session: Session, link: LinkSpec): Request[] {
  const key = { index: session.indexOf(link.name) };
  return [...changed(key, linkChange(session, link)), ...named(key, link)];
}

/** What a peer cannot be given in the message that makes it. */
export function peerSet(session: Session, peer: LinkSpec, index: number | undefined): Request[] {
  const key = keyOf(index, peer.name);
  const { mtu: _mtu, mac: _mac, ...rest } = peer;
  return [...changed(key, linkChange(session, rest)), ...named(key, peer)];
}

/**
 * What the message that makes a link cannot carry: alias, IPv6 settings, options of a port that is not one yet. A bridge's MTU
 * follows that of its ports unless it is set later (br_change_mtu of net/bridge/br_device.c).
 */
function afterwards(key: LinkKey, link: LinkSpec): Request[] {
  const { alias, addrGenMode, promisc, allmulti, txQueueLen, port } = link;
  const mtu = link.kind === "bridge" ? link.mtu : undefined;
  const rest = present<LinkChange>({ mtu, alias, addrGenMode, promisc, allmulti, txQueueLen, port });
  return [...changed(key, rest), ...named(key, link)];
}

/**
 * A change in as few messages as do_setlink of net/core/rtnetlink.c lets it be: it looks at the options of a port before it makes
 * it one, and at `up` before the IPv6 settings, so that a link with carrier would get the link-local address it shall not have.
 */
export function changed(key: LinkKey, { up, port, ...rest }: LinkChange): Request[] {
  const upLast = up === true && rest.addrGenMode !== undefined;
  const portLast = port !== undefined && rest.master !== undefined;
  const first = present<LinkChange>({ ...rest, port: portLast ? undefined : port, up: upLast ? undefined : up });
  return [
    ...(Object.keys(first).length === 0 ? [] : [setLink(key, first)]),
    ...(portLast ? [setLink(key, { port })] : []),
    ...(upLast ? [setLink(key, { up })] : []),
  ];
}

function named(key: LinkKey, link: LinkState): Request[] {
  return (link.altNames ?? []).map((name) => addAltName(key, name));
}

/** How a link that was just asked for is spoken of: by the number we chose, or by its name if the kernel chose. */
function keyOf(index: number | undefined, name: string): LinkKey {
  return index === undefined ? { name } : { index };
}

/** `null` takes the link out of its bridge. */
function masterIndex(session: Session, master: LinkState["master"]): number | undefined {
  if (master === undefined) return undefined;
  return master === null ? 0 : session.indexOf(master);
}

/** A state by names as a change by numbers. */
export function linkChange(
  session: Session,
  { up, mtu, mac, master, alias, addrGenMode, promisc, allmulti, txQueueLen, port }: LinkState,
): LinkChange {
  return present<LinkChange>({
    up,
    mtu,
    mac,
    master: masterIndex(session, master),
    alias,
    addrGenMode,
    promisc,
    allmulti,
    txQueueLen,
    port,
  });
}

export function routeSet(session: Session, route: RouteSpec): RouteSet {
  return present<RouteSet>({
    dst: route.dst,
    gateway: route.via,
    oif: route.dev === undefined ? undefined : session.indexOf(route.dev),
    table: route.table,
    type: route.type,
    metric: route.metric,
    prefSrc: route.src,
    onlink: route.onlink,
    scope: route.scope,
    protocol: route.proto,
    metrics:
      route.mtu === undefined && route.advmss === undefined
        ? undefined
        : present({ mtu: route.mtu, advmss: route.advmss }),
    multipath: route.multipath?.map((hop) => nextHop(session, hop, route.onlink)),
    encap: route.encap === undefined ? undefined : encap(route.encap),
  });
}

function nextHop(session: Session, { via, dev, weight }: NextHop, onlink: boolean | undefined) {
  return present<NonNullable<RouteSet["multipath"]>[number]>({
    gateway: via,
    oif: dev === undefined ? undefined : session.indexOf(dev),
    weight,
    onlink,
  });
}

function encap({ type, dst, src, id, ttl }: EncapSpec): Encap {
  return { type, ...present({ id, dst, src, ttl }) } as Encap;
}

export function neighPut(session: Session, { dev, ip, mac }: NeighSpec): NeighPut {
  return { index: session.indexOf(dev), ip, mac };
}

/** Entries of the all-zeros address stand beside each other. */
export function fdbPut(session: Session, { dev, mac, dst, via }: FdbSpec): FdbPut {
  return present<FdbPut>({
    index: session.indexOf(dev),
    mac,
    dst,
    viaIndex: via === undefined ? undefined : session.indexOf(via),
    append: mac === "00:00:00:00:00:00" ? true : undefined,
  });
}
