import { familyOf, prefixIp } from "../../values/index.ts";
import type { IfName, Ip } from "../../values/index.ts";
import type { RouteFact } from "../facts.ts";
import type { RouteSpec } from "../net.ts";
import type { Order } from "../order.ts";
import type { Doomed } from "./_doomed.ts";
import { devsOfRoute, isOwnRoute, isSameRoute, routeKey, routeSpecOf } from "../_route.ts";
import type { Place } from "./_scene.ts";

/** Deletes the routes that nobody wished; those over a doomed link go with it. */
export function deleteRoutes(
  { wish, present }: Place,
  doomed: ReadonlyMap<IfName, Doomed> | undefined,
  order: Order,
): void {
  const wished = new Map((wish.routes ?? []).map((route) => [routeKey(route), route]));
  const there = new Map<string, [id: string, route: RouteFact][]>();
  for (const [id, route] of present.routes.entries()) {
    if (!isOwnRoute(route) || (doomed && devsOfRoute(route).some((dev) => doomed.has(dev)))) continue;
    const key = routeKey(route);
    const rivals = there.get(key);
    if (rivals === undefined) there.set(key, [[id, route]]);
    else rivals.push([id, route]);
  }
  const gone: RouteSpec[] = [];
  const sources = sourcesOn(doomed, present);
  for (const [key, rivals] of there) {
    const wish = wished.get(key);
    const same = wish && rivals.find(([, route]) => isSameRoute(wish, route));
    const keeps = same ?? (wish && rivals.find(([, route]) => !outlivesSource(route, sources)));
    for (const rival of rivals) {
      if (rival === keeps) continue;
      const [id, route] = rival;
      present.routes.delete(id);
      gone.push(routeSpecOf(route));
    }
  }
  // What is reached over another route goes before it: undone from the end it comes back after it.
  const [via, direct] = [
    gone.filter((route) => route.via !== undefined),
    gone.filter((route) => route.via === undefined),
  ];
  for (const route of [...via, ...direct])
    order.wide("routesGone", { do: "route.delete", netns: present.netns, route });
}

/** Addresses that go with their links. */
function sourcesOn(doomed: ReadonlyMap<IfName, Doomed> | undefined, present: Place["present"]): ReadonlySet<Ip> {
  const links = [...(doomed?.keys() ?? [])].flatMap((name) => present.links.get(name) ?? []);
  return new Set(links.flatMap(({ addrs }) => addrs.map(({ prefix }) => prefixIp(prefix))));
}

/** An IPv6 route stays when its preferred source goes: it would stand beside the one that shall take its place. */
function outlivesSource({ dst, src }: RouteFact, going: ReadonlySet<Ip>): boolean {
  return familyOf(dst) === 6 && src !== undefined && going.has(src);
}

/** Puts the routes that are not there as they are wished, those without a gateway first. */
export function putRoutes({ wish, present }: Place, order: Order): void {
  if (wish.routes === undefined || wish.routes.length === 0) return;
  const there = new Map<string, RouteFact[]>();
  for (const [, route] of present.routes.entries()) {
    const key = routeKey(route);
    const rivals = there.get(key);
    if (rivals === undefined) there.set(key, [route]);
    else rivals.push(route);
  }
  const put = new Map<string, RouteSpec>();
  for (const route of wish.routes) put.set(routeKey(route), route);
  for (const [key, route] of put) {
    const rivals = there.get(key) ?? [];
    if (rivals.some((rival) => isSameRoute(route, rival))) continue;
    const own = rivals.find(isOwnRoute);
    const was = own && routeSpecOf(own);
    const direct = route.via === undefined && route.multipath === undefined;
    order.inGroup(direct ? "routes" : "viaRoutes", { do: "route.put", netns: wish.name, route, ...(was && { was }) });
  }
}
