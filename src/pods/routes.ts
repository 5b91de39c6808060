import type { Op, RouteFact, RouteSpec } from "../change/index.ts";
import { type IfName, type Ip, type Prefix, contains, familyOf, parsePrefix, prefixIp } from "../values/index.ts";
import { PodsError } from "./error.ts";
import { type Job, NODE } from "./job.ts";
import { requireLink } from "./link.ts";
import { ROUTE_OWNER } from "./owner.ts";
import { requirePods } from "./pins.ts";

const defaults = { 4: parsePrefix("0.0.0.0/0"), 6: parsePrefix("::/0") } as const;

/**
 * The gateway of a family in a pod: of what a device of the node has the one that is in the pod's own network, else the last, as
 * `route replace` for each in turn leaves it.
 */
export function gatewayFor(family: 4 | 6, candidates: readonly Prefix[], own: readonly Prefix[]): Ip | undefined {
  const some = candidates.filter((prefix) => familyOf(prefix) === family);
  const near = some.findLast((prefix) => own.some((net) => contains(net, prefixIp(prefix))));
  const chosen = near ?? some.at(-1);
  return chosen === undefined ? undefined : prefixIp(chosen);
}

/** The routes of a pod. */
export interface PodRoutes {
  readonly pod: IfName;
  readonly ifname: IfName;
  readonly routes: readonly RouteFact[];
}

/**
 * Default routes of a pod, in the place of those it has, of the families that it has addresses of. `mtu` (bytes) is that of an
 * overlay behind the gateway. @throws {PodsError} `missing` where there is no family of both
 */
export function planDefaultRoutes(
  { pod, ifname, routes }: PodRoutes,
  candidates: readonly Prefix[],
  mtu?: number,
): readonly Op[] {
  // An address brings a route to its network.
  const own = routes.flatMap(({ dst, dev, protocol }) => (dev === ifname && protocol === "kernel" ? [dst] : []));
  const families = ([4, 6] as const).filter((family) =>
    own.some((net) => familyOf(net) === family && !isLinkLocal(net)),
  );
  if (!candidates.some((prefix) => families.includes(familyOf(prefix)))) {
    throw new PodsError(
      "missing",
      `cannot give pod ${pod} a default route via ${candidates.map(prefixIp).join(" or ")}: it has no ${ifname} that is up and has an address of that family`,
      "join the pod to the node and give it addresses first: netns_test veth, netns_test assign_addresses",
    );
  }
  return families.flatMap((family): Op[] => {
    const via = gatewayFor(family, candidates, own);
    if (via === undefined) return [];
    const there = defaultRoute(routes, family);
    const size = mtu ?? there?.mtu;
    if (there?.via === via && there.dev === ifname && there.mtu === size) return [];
    const route: RouteSpec = { dst: defaults[family], via, dev: ifname, ...(size !== undefined && { mtu: size }) };
    return [{ do: "route.put", netns: pod, route, ...(there !== undefined && { was: specOf(there) }) }];
  });
}

const linkLocal = parsePrefix("fe80::/10");

function isLinkLocal(net: Prefix): boolean {
  return contains(linkLocal, prefixIp(net));
}

/** The default route of a family in the main table; of several that with the lowest metric. */
export function defaultRoute(routes: readonly RouteFact[], family: 4 | 6): RouteFact | undefined {
  return routes
    .filter(({ dst, table }) => dst === defaults[family] && table === undefined)
    .toSorted((a, b) => (a.metric ?? 0) - (b.metric ?? 0))[0];
}

export function specOf({ protocol: _, ...spec }: RouteFact): RouteSpec {
  return spec;
}

/** Default routes of pods. @throws {PodsError} `missing` */
export function setDefaultRoutes(
  job: Job,
  pods: readonly { readonly pod: IfName; readonly ifname: IfName; readonly gateways: readonly Prefix[] }[],
  mtu?: number,
): void {
  requirePods(
    job.kernel,
    pods.map(({ pod }) => pod),
  );
  const ops = pods.flatMap(({ pod, ifname, gateways }) =>
    planDefaultRoutes({ pod, ifname, routes: job.kernel.routes(pod) }, gateways, mtu),
  );
  job.run(ops);
}

/** The global addresses of a device of the node: gateways of pods. @throws {PodsError} `missing` */
export function gatewaysOf(job: Job, device: string): readonly Prefix[] {
  const link = requireLink(job, device, `use ${device} as the pods' gateway`);
  const found = link.addrs.filter(({ scope }) => scope === "global").map(({ prefix }) => prefix);
  if (found.length > 0) return found;
  throw new PodsError(
    "missing",
    `${device} has no global address that could be the pods' gateway`,
    `give it one: netns_test assign_bridge_address ${device}`,
  );
}

/**
 * Routes of this node. One that is there stays; another to the same destination is not replaced.
 * @throws {PodsError} `conflict`
 */
export function planNodeRoutes(routes: readonly RouteFact[], wanted: readonly RouteSpec[]): readonly Op[] {
  return wanted.flatMap((route): Op[] => {
    const there = routes.find(
      ({ dst, table, metric }) => dst === route.dst && table === route.table && sameMetric(metric, route),
    );
    if (there === undefined) return [{ do: "route.put", netns: NODE, route }];
    if (isSame(there, route)) return [];
    throw new PodsError(
      "conflict",
      `the node has a route to ${route.dst} ${wayOf(there)} and shall have one ${wayOf(route)}`,
      `take the old one away first: ip route delete ${route.dst} ${wayOf({ ...there, encap: undefined })}`,
    );
  });
}

/** IPv6 gives each route a metric of its own, 1024 where none is asked for. */
const DEFAULT_METRIC6 = 1024;

function sameMetric(metric: number | undefined, { dst, metric: wanted }: RouteSpec): boolean {
  return (metric ?? 0) === (wanted ?? (familyOf(dst) === 6 ? DEFAULT_METRIC6 : 0));
}

/** What is asked for is so; what is not asked for does not count. */
function isSame(there: RouteFact, { via, dev, encap, mtu }: RouteSpec): boolean {
  return (
    there.via === via &&
    (dev === undefined || there.dev === dev) &&
    there.encap?.dst === encap?.dst &&
    (mtu === undefined || there.mtu === mtu)
  );
}

function wayOf({ via, dev, encap }: { readonly [K in "via" | "dev" | "encap"]?: RouteSpec[K] | undefined }): string {
  return [
    ...(via === undefined ? [] : [`via ${via}`]),
    ...(dev === undefined ? [] : [`dev ${dev}`]),
    ...(encap === undefined ? [] : [`wrapped to ${encap.dst}`]),
  ].join(" ");
}

/** Routes to other nodes' pods, known as ours. @throws {PodsError} `conflict`; {@link OpError} where the way is no neighbour */
export function setNodeRoutes(job: Job, routes: readonly RouteSpec[]): void {
  const own = routes.map((route): RouteSpec => ({ ...route, proto: ROUTE_OWNER }));
  job.run(planNodeRoutes(job.kernel.routes(NODE), own));
}

/** What takes away the routes of this node that are ours. */
export function ownRoutesGone(job: Job): readonly Extract<Op, { readonly do: "route.delete" }>[] {
  return job.kernel.routes(NODE).flatMap((route) => {
    if (route.protocol !== String(ROUTE_OWNER)) return [];
    return [{ do: "route.delete" as const, netns: NODE, route: { ...specOf(route), proto: ROUTE_OWNER } }];
  });
}
