import { type Ip, type Prefix, makePrefix, parseIp } from "../values/index.ts";
import { fact } from "./_absent.ts";
import { type Encap, readEncap } from "./encap.ts";
import { AF } from "./family.ts";
import type { HopGet } from "./multipath.ts";
import { ONLINK, type RouteAttrs, type RouteHeader, type RouteMetrics } from "./route-message.ts";

/** One way of a route. */
export interface NextHop {
  /** Absent where the destination is on the link itself. May be of the other family (RTA_VIA). */
  readonly gateway?: Ip;
  /** Index of the link to leave by. */
  readonly oif?: number;
  /** 1 to 256; 1 if absent. */
  readonly weight?: number;
  /** The gateway is on the link whatever the addresses say. */
  readonly onlink?: boolean;
  readonly encap?: Encap;
}

/** A route as the kernel reports it. */
export interface Route {
  /** `0.0.0.0/0` or `::/0` is the default route. */
  readonly dst: Prefix;
  readonly src?: Prefix;
  readonly gateway?: Ip;
  readonly oif?: number;
  readonly table: number;
  readonly protocol: RouteHeader["protocol"];
  readonly scope: RouteHeader["scope"];
  readonly type: RouteHeader["type"];
  readonly metric?: number;
  readonly prefSrc?: Ip;
  readonly onlink: boolean;
  readonly metrics?: RouteMetrics;
  /** In place of `gateway` and `oif`. */
  readonly multipath?: readonly NextHop[];
  readonly encap?: Encap;
  /** IPv6 router preference. */
  readonly pref?: NonNullable<RouteAttrs["pref"]>;
  /** Seconds left. */
  readonly expires?: number;
  readonly nhId?: number;
  readonly tos?: number;
  /** RTM_F_* and RTNH_F_* of linux/rtnetlink.h. */
  readonly flags: number;
}

/** What the kernel would do with a packet. */
export interface RouteLookup {
  readonly dst: Ip;
  readonly gateway?: Ip;
  readonly oif?: number;
  readonly table: number;
  readonly type: RouteHeader["type"];
  /** Source address it would choose. */
  readonly prefSrc?: Ip;
  readonly encap?: Encap;
  readonly metrics?: RouteMetrics;
}

const any = { 4: parseIp("0.0.0.0"), 6: parseIp("::") } as const;
/** USER_HZ: rta_expires counts these. */
const TICKS_PER_SECOND = 100;

/** A fact from a route message; `undefined` for families other than IPv4 and IPv6. */
export function readRoute(header: RouteHeader, attrs: RouteAttrs): Route | undefined {
  if (header.family !== AF.INET && header.family !== AF.INET6) return undefined;
  const family = header.family === AF.INET ? 4 : 6;
  const expires = attrs.cacheInfo?.expires ?? 0;
  return fact<Route>({
    dst: makePrefix(attrs.dst ?? any[family], header.dstLength),
    src: header.srcLength === 0 ? undefined : makePrefix(attrs.src ?? any[family], header.srcLength),
    gateway: attrs.gateway ?? attrs.via,
    oif: attrs.oif,
    table: attrs.table ?? header.table,
    protocol: header.protocol,
    scope: header.scope,
    type: header.type,
    metric: attrs.priority,
    prefSrc: attrs.prefSrc,
    onlink: (header.flags & ONLINK) !== 0,
    metrics: attrs.metrics,
    multipath: attrs.multipath?.map(readHop),
    encap: readEncap(attrs),
    pref: attrs.pref,
    expires: expires === 0 ? undefined : expires / TICKS_PER_SECOND,
    nhId: attrs.nhId,
    tos: header.tos === 0 ? undefined : header.tos,
    flags: header.flags,
  });
}

function readHop({ flags, hops, index, attrs }: HopGet): NextHop {
  return fact<NextHop>({
    gateway: attrs.gateway ?? attrs.via,
    oif: index,
    weight: hops + 1,
    onlink: (flags & ONLINK) !== 0 ? true : undefined,
    encap: readEncap(attrs),
  });
}

/** The answer to a lookup. */
export function readLookup(header: RouteHeader, attrs: RouteAttrs): RouteLookup | undefined {
  if (attrs.dst === undefined) return undefined;
  return fact<RouteLookup>({
    dst: attrs.dst,
    gateway: attrs.gateway ?? attrs.via,
    oif: attrs.oif,
    table: attrs.table ?? header.table,
    type: header.type,
    prefSrc: attrs.prefSrc,
    encap: readEncap(attrs),
    metrics: attrs.metrics,
  });
}
