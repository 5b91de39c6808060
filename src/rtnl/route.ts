import { NLM_F, type Query, type Request, query, request } from "../netlink/index.ts";
import { type Ip, type Prefix, addressBits, familyOf, prefixIp, prefixLength } from "../values/index.ts";
import { type Encap, encapRows } from "./encap.ts";
import { familyNumber, familyOrBoth } from "./family.ts";
import type { HopSet } from "./multipath.ts";
import { type NextHop, type Route, type RouteLookup, readLookup, readRoute } from "./route-fact.ts";
import {
  CLONED,
  LOOKUP_TABLE,
  MAIN_TABLE,
  ONLINK,
  type RouteAttrsSet,
  type RouteHeader,
  type RouteMetrics,
  delroute,
  getroute,
  newroute,
} from "./route-message.ts";
import type { Scope } from "./scope.ts";

export type RouteType = Extract<RouteHeader["type"], string>;
export type RouteProtocol = RouteHeader["protocol"];

/** A route to be put. */
export interface RouteSet {
  /** `0.0.0.0/0` or `::/0` for the default route. */
  readonly dst: Prefix;
  /** Only packets from here (IPv6). */
  readonly src?: Prefix;
  /** May be IPv6 for an IPv4 route. */
  readonly gateway?: Ip;
  /** Index of the link to leave by. */
  readonly oif?: number;
  /** Main (254) if absent. */
  readonly table?: number;
  /** `static` if absent. */
  readonly protocol?: RouteProtocol;
  /** If absent: `universe`, but `link` for IPv4 routes without a gateway and `host` for local ones. */
  readonly scope?: Scope | number;
  /** `unicast` if absent. */
  readonly type?: RouteType;
  readonly metric?: number;
  readonly prefSrc?: Ip;
  readonly onlink?: boolean;
  readonly metrics?: RouteMetrics;
  readonly multipath?: readonly NextHop[];
  readonly encap?: Encap;
  /** IPv6 router preference. */
  readonly pref?: "low" | "medium" | "high";
  /** Seconds (IPv6). */
  readonly expires?: number;
  /** A nexthop object in place of gateway and link. */
  readonly nhId?: number;
  readonly tos?: number;
}

/**
 * Puts a route, in the place of the one with the same destination, tos and metric if there is one.
 *
 * IPv6 keeps the nexthops of a multipath route as entries of their own: REPLACE replaces them all, and a route
 * without a gateway does not replace one with (ip6_route_add of net/ipv6/route.c). RTM_NEWROUTE.
 */
export function putRoute(spec: RouteSet): Request {
  return put(spec, NLM_F.CREATE | NLM_F.REPLACE, "put");
}

/** Adds a route; EEXIST if its destination, tos and metric are taken. RTM_NEWROUTE. */
export function addRoute(spec: RouteSet): Request {
  return put(spec, NLM_F.CREATE | NLM_F.EXCL, "add");
}

/**
 * Adds a route before those with the same destination, tos and metric, so that packets take it; in IPv6 it joins them as a
 * further next hop. EEXIST where it is there already. RTM_NEWROUTE.
 */
export function prependRoute(spec: RouteSet): Request {
  return put(spec, NLM_F.CREATE, "prepend");
}

function put(spec: RouteSet, flags: number, verb: string): Request {
  const type = spec.type ?? "unicast";
  const header: RouteHeader = {
    ...headerOf(spec),
    protocol: spec.protocol ?? "static",
    scope: spec.scope ?? defaultScope(spec, type),
    type,
  };
  return request(newroute, flags, header, attrsOf(spec), `${verb} route ${show(spec)}`);
}

/** What tells one route from another; what is absent matches any. */
export type RouteKey = Pick<RouteSet, "dst"> & Partial<RouteSet>;

/** Deletes the first route that matches; ESRCH if there is none. RTM_DELROUTE. */
export function delRoute(key: RouteKey): Request {
  const header: RouteHeader = {
    ...headerOf(key),
    protocol: key.protocol ?? "unspec",
    scope: key.scope ?? (familyOf(key.dst) === 4 ? "nowhere" : "universe"),
    type: key.type ?? "unspec",
  };
  return request(delroute, 0, header, attrsOf(key), `delete route ${show(key)}`);
}

/** RT_TABLE_LOCAL of linux/rtnetlink.h. */
const LOCAL_TABLE = 255;

/** Which routes to list; ENOENT if the table is not there. */
export interface RouteFilter {
  /** Both if absent. */
  readonly family?: 4 | 6;
  readonly table?: number;
  /** Leaves out the kernel's own table of local and broadcast addresses (255), which is most of all routes. */
  readonly withoutLocal?: boolean;
  /** Index of a link. */
  readonly oif?: number;
  readonly protocol?: RouteProtocol;
}

/** Routes, filtered by the kernel; cached exceptions are left out. RTM_GETROUTE, a dump. */
export function listRoutes({ family, table, withoutLocal = false, oif, protocol }: RouteFilter = {}): Query<Route> {
  const header = { ...empty(familyOrBoth(family)), protocol: protocol ?? "unspec" };
  return query(
    request(getroute, 0, header, { table, oif }, "list routes"),
    newroute,
    readRoute,
    (answer) => (answer.flags & CLONED) === 0 && !(withoutLocal && answer.table === LOCAL_TABLE),
  );
}

/** A packet whose way is asked. Links are given by index. */
export interface LookupKey {
  readonly dst: Ip;
  readonly src?: Ip;
  /** As if it had come in there. */
  readonly iif?: number;
  readonly oif?: number;
  readonly mark?: number;
}

/** What the kernel would do with a packet: ENETUNREACH where it has no way. RTM_GETROUTE. */
export function lookupRoute({ dst, src, iif, oif, mark }: LookupKey): Query<RouteLookup> {
  const header: RouteHeader = {
    ...empty(familyNumber(dst)),
    dstLength: addressBits(familyOf(dst)),
    srcLength: src === undefined ? 0 : addressBits(familyOf(src)),
    // IPv6 takes no flags in a lookup (inet6_rtm_valid_getroute_req of net/ipv6/route.c); it tells the table anyway.
    flags: familyOf(dst) === 4 ? LOOKUP_TABLE : 0,
  };
  return query(
    request(getroute, 0, header, { dst, src, iif, oif, mark }, `look up the route to ${dst}`),
    newroute,
    readLookup,
  );
}

function empty(family: number): RouteHeader {
  return {
    family,
    dstLength: 0,
    srcLength: 0,
    tos: 0,
    table: 0,
    protocol: "unspec",
    scope: "universe",
    type: "unspec",
    flags: 0,
  };
}

function headerOf(spec: RouteKey): RouteHeader {
  const table = spec.table ?? MAIN_TABLE;
  return {
    ...empty(familyNumber(spec.dst)),
    dstLength: prefixLength(spec.dst),
    srcLength: spec.src === undefined ? 0 : prefixLength(spec.src),
    tos: spec.tos ?? 0,
    table: table < 256 ? table : 0,
    flags: spec.onlink === true ? ONLINK : 0,
  };
}

/** As ip chooses it (iproute_modify of iproute2): the kernel refuses IPv4 gateways outside of their scope. */
function defaultScope(spec: RouteSet, type: RouteType): Scope {
  if (familyOf(spec.dst) === 6) return "universe";
  if (type === "local" || type === "nat") return "host";
  if (type === "broadcast" || type === "multicast" || type === "anycast") return "link";
  const direct = spec.gateway === undefined && spec.multipath === undefined && spec.nhId === undefined;
  return direct && type === "unicast" ? "link" : "universe";
}

function attrsOf(spec: RouteKey): RouteAttrsSet {
  return {
    dst: spec.dst === "0.0.0.0/0" ? undefined : prefixIp(spec.dst),
    src: spec.src === undefined ? undefined : prefixIp(spec.src),
    ...gatewayOf(spec.dst, spec.gateway),
    oif: spec.oif,
    prefSrc: spec.prefSrc,
    priority: spec.metric,
    table: spec.table !== undefined && spec.table > 255 ? spec.table : undefined,
    metrics: spec.metrics,
    multipath: spec.multipath?.map((hop) => hopOf(spec.dst, hop)),
    ...encapRows(spec.encap),
    pref: spec.pref,
    expires: spec.expires,
    nhId: spec.nhId,
  };
}

function hopOf(dst: Prefix, hop: NextHop): HopSet {
  return {
    flags: hop.onlink === true ? ONLINK : 0,
    hops: (hop.weight ?? 1) - 1,
    index: hop.oif ?? 0,
    attrs: { ...gatewayOf(dst, hop.gateway), ...encapRows(hop.encap) },
  };
}

function gatewayOf(dst: Prefix, gateway: Ip | undefined): { readonly gateway?: Ip; readonly via?: Ip } {
  if (gateway === undefined) return {};
  return familyOf(gateway) === familyOf(dst) ? { gateway } : { via: gateway };
}

function show({ dst, gateway, table }: RouteKey): string {
  return `${dst}${gateway === undefined ? "" : ` via ${gateway}`}${table === undefined ? "" : ` table ${table}`}`;
}
