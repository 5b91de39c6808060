import { familyOf } from "../values/index.ts";
import type { IfName } from "../values/index.ts";
import { differingKeys } from "./_equal.ts";
import type { RouteFact } from "./facts.ts";
import type { NextHop, RouteSpec } from "./net.ts";

/** RT_TABLE_MAIN, RT_TABLE_LOCAL of linux/rtnetlink.h. */
const mainTable = 254;
const localTable = 255;
/** IP6_RT_PRIO_USER of linux/ipv6_route.h: what the kernel makes of an absent metric. */
const defaultMetric6 = 1024;

/** Routes of which the kernel has one: a put replaces what has the same key. */
export function routeKey(route: RouteSpec): string {
  const metric = route.metric || (familyOf(route.dst) === 6 ? defaultMetric6 : 0);
  return `${route.table ?? mainTable} ${route.dst} ${metric}`;
}

/** Put there by a person or a program like us, so that it is for the wish to say whether it stays. */
export function isOwnRoute(route: RouteFact): boolean {
  return (route.protocol === "boot" || route.protocol === "static") && route.table !== localTable;
}

export function devsOfRoute(route: RouteSpec): readonly IfName[] {
  const devs = (route.multipath ?? []).flatMap((hop) => hop.dev ?? []);
  return route.dev === undefined ? devs : [route.dev, ...devs];
}

export function routeSpecOf({ protocol: _, ...spec }: RouteFact): RouteSpec {
  return spec;
}

/**
 * Whether `fact` is what `wish` asks for, given that their keys agree. The device may be left to the kernel, and
 * `onlink` only matters when it is made; of a kernel's own route only what is wished is compared.
 */
export function isSameRoute(wish: RouteSpec, fact: RouteFact): boolean {
  if ((wish.type ?? "unicast") !== (fact.type ?? "unicast")) return false;
  if (wish.dev !== undefined && wish.dev !== fact.dev) return false;
  const strict = isOwnRoute(fact);
  for (const key of ["via", "src", "mtu"] as const) {
    if (wish[key] !== fact[key] && (strict || wish[key] !== undefined)) return false;
  }
  if ((wish.encap === undefined) !== (fact.encap === undefined)) return false;
  if (differingKeys(wish.encap, fact.encap).length > 0 || differingKeys(fact.encap, wish.encap).length > 0)
    return false;
  return sameHops(wish.multipath ?? [], fact.multipath ?? []);
}

function sameHops(wish: readonly NextHop[], fact: readonly NextHop[]): boolean {
  if (wish.length !== fact.length) return false;
  const left = [...fact];
  return wish.every((hop) => {
    const at = left.findIndex(
      (other) =>
        hop.via === other.via &&
        (hop.dev === undefined || hop.dev === other.dev) &&
        (hop.weight ?? 1) === (other.weight ?? 1),
    );
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}
