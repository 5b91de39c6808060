import { type Addr, readAddr } from "./addr-fact.ts";
import { type AddrAttrs, type AddrHeader, deladdr, newaddr } from "./addr-message.ts";
import { AF } from "./family.ts";
import { type Fdb, readFdb } from "./fdb.ts";
import type { IfInfo } from "./ifinfo.ts";
import { type Link, readLink } from "./link-fact.ts";
import { type LinkAttrs, dellink, newlink } from "./link-message.ts";
import { type NeighAttrs, type NeighHeader, delneigh, newneigh } from "./neigh-message.ts";
import { type Neigh, readNeigh } from "./neigh.ts";
import { type Route, readRoute } from "./route-fact.ts";
import { type RouteAttrs, type RouteHeader, delroute, newroute } from "./route-message.ts";
import { type Rule, readRule } from "./rule.ts";
import { type RuleAttrs, type RuleHeader, delrule, newrule } from "./rule-message.ts";

/** Multicast groups to subscribe to: `RTNLGRP_*` of linux/rtnetlink.h. */
export const RTNLGRP = {
  LINK: 1,
  NOTIFY: 2,
  NEIGH: 3,
  TC: 4,
  IPV4_IFADDR: 5,
  IPV4_MROUTE: 6,
  IPV4_ROUTE: 7,
  IPV4_RULE: 8,
  IPV6_IFADDR: 9,
  IPV6_MROUTE: 10,
  IPV6_ROUTE: 11,
  IPV6_IFINFO: 12,
  IPV6_PREFIX: 18,
  IPV6_RULE: 19,
  ND_USEROPT: 20,
  IPV4_NETCONF: 24,
  IPV6_NETCONF: 25,
  MDB: 26,
  MPLS_ROUTE: 27,
  NSID: 28,
  MPLS_NETCONF: 29,
  NEXTHOP: 32,
  BRVLAN: 33,
  TUNNEL: 35,
  STATS: 36,
  IPV4_MCADDR: 37,
  IPV6_MCADDR: 38,
  IPV6_ACADDR: 39,
} as const;

/** Something came to be or changed (`new`), or is gone (`del`). */
export type RtnlEvent = { readonly action: "new" | "del" } & (
  | { readonly event: "link"; readonly link: Link }
  | { readonly event: "addr"; readonly addr: Addr }
  | { readonly event: "route"; readonly route: Route }
  | { readonly event: "rule"; readonly rule: Rule }
  | { readonly event: "neigh"; readonly neigh: Neigh }
  | { readonly event: "fdb"; readonly fdb: Fdb }
);

/**
 * What a notification says; header and attributes are decoded by `messageKinds` of that type. `undefined` for what
 * is no event here, such as a bridge's own messages about its ports.
 */
export function readEvent(type: number, header: unknown, attrs: unknown): RtnlEvent | undefined {
  switch (type) {
    case newlink.type:
    case dellink.type: {
      const link = readLink(header as IfInfo, attrs as LinkAttrs);
      return link && { event: "link", action: action(type, newlink), link };
    }
    case newaddr.type:
    case deladdr.type: {
      const addr = readAddr(header as AddrHeader, attrs as AddrAttrs);
      return addr && { event: "addr", action: action(type, newaddr), addr };
    }
    case newroute.type:
    case delroute.type: {
      const route = readRoute(header as RouteHeader, attrs as RouteAttrs);
      return route && { event: "route", action: action(type, newroute), route };
    }
    case newrule.type:
    case delrule.type: {
      const rule = readRule(header as RuleHeader, attrs as RuleAttrs);
      return rule && { event: "rule", action: action(type, newrule), rule };
    }
    case newneigh.type:
    case delneigh.type:
      return neighEvent(action(type, newneigh), header as NeighHeader, attrs as NeighAttrs);
    default:
      return undefined;
  }
}

function neighEvent(act: "new" | "del", header: NeighHeader, attrs: NeighAttrs): RtnlEvent | undefined {
  if (header.family === AF.BRIDGE) {
    const fdb = readFdb(header, attrs);
    return fdb && { event: "fdb", action: act, fdb };
  }
  const neigh = readNeigh(header, attrs);
  return neigh && { event: "neigh", action: act, neigh };
}

function action(type: number, made: { readonly type: number }): "new" | "del" {
  return type === made.type ? "new" : "del";
}
