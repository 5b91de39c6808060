import type { AddrSpec, NextHop, RouteFact, RouteSpec } from "../change/index.ts";
import { contains, familyOf, networkOf, parsePrefix, prefixIp } from "../values/index.ts";
import type { IfName, Ip } from "../values/index.ts";
import type { MemoryLink, MemoryNetns } from "./_memory-netns.ts";
import { refuse } from "./_memory-refusal.ts";

const linkLocal = parsePrefix("fe80::/10");

export function addAddr(link: MemoryLink, { prefix, noDad, noPrefixRoute }: AddrSpec, replace = false): void {
  const family = familyOf(prefix);
  // IPv4 tells addresses apart with their length, IPv6 without.
  const twin = link.addrs.some(
    (addr) => addr.prefix === prefix || (family === 6 && prefixIp(addr.prefix) === prefixIp(prefix)),
  );
  if (twin && replace) return;
  if (twin) refuse("EEXIST", `${link.fact.name} has ${prefix}`);
  const scope = contains(linkLocal, prefix) ? "link" : "global";
  const flags = { ...(noDad !== undefined && { noDad }), ...(noPrefixRoute !== undefined && { noPrefixRoute }) };
  link.addrs.push({ prefix, ...flags, scope, fromKernel: false });
}

/** An address goes; in IPv4 the later ones of its subnet and routes that prefer it go too, with the last all routes. */
export function deleteAddr(
  { netns, ...link }: MemoryLink,
  { prefix }: AddrSpec,
  keep: (addrs: MemoryLink["addrs"]) => void,
): void {
  const at = link.addrs.findIndex((addr) => addr.prefix === prefix);
  if (at < 0) refuse("EADDRNOTAVAIL", `${link.fact.name} has no ${prefix}`);
  const subnet = networkOf(prefix);
  const first = link.addrs.findIndex((addr) => networkOf(addr.prefix) === subnet) === at;
  const left = link.addrs.filter((addr, i) => {
    if (i === at) return false;
    return !(first && familyOf(prefix) === 4 && networkOf(addr.prefix) === subnet);
  });
  const lost = link.addrs.filter((addr) => !left.includes(addr));
  keep(left);
  for (const { prefix: gone } of lost) netns.loseSource(prefixIp(gone));
  const bare = !left.some((addr) => familyOf(addr.prefix) === 4);
  if (familyOf(prefix) === 4 && bare) netns.flush(link.fact.name, 4);
}

/** RTM_NEWROUTE with NLM_F_REPLACE: one route per table, destination and metric; without it several. */
export function putRoute(netns: MemoryNetns, route: RouteSpec, prepend = false): void {
  const fact = settled(netns, route);
  const key = keyOf(fact);
  if (prepend) {
    prependRoute(netns, fact, key);
    return;
  }
  const at = netns.routes.findIndex((other) => keyOf(other) === key);
  if (at < 0) netns.routes.push(fact);
  else netns.routes[at] = fact;
}

/** IPv4 keeps them one before the other, IPv6 makes one of them with several next hops. */
function prependRoute(netns: MemoryNetns, fact: RouteFact, key: string): void {
  const twins = netns.routes.filter((other) => keyOf(other) === key);
  const same = ({ via, dev }: NextHop) => via === fact.via && dev === fact.dev;
  if (twins.some((twin) => (twin.multipath ?? [twin]).some(same))) refuse("EEXIST", `${netns.name} has the route`);
  const twin = twins[0];
  if (twin === undefined || familyOf(fact.dst) === 4) {
    netns.routes.splice(twin === undefined ? netns.routes.length : netns.routes.indexOf(twin), 0, fact);
    return;
  }
  const { via, dev, multipath = [hopOf({ via, dev })], ...rest } = twin;
  netns.routes[netns.routes.indexOf(twin)] = { ...rest, multipath: [...multipath, hopOf(fact)] };
}

function hopOf({ via, dev }: { readonly via?: Ip | undefined; readonly dev?: IfName | undefined }): NextHop {
  return { ...(via !== undefined && { via }), ...(dev !== undefined && { dev }), weight: 1 };
}

export function deleteRoute(netns: MemoryNetns, route: RouteSpec): void {
  const same = (other: RouteFact) =>
    other.dst === route.dst &&
    (other.table ?? 254) === (route.table ?? 254) &&
    (route.metric === undefined || other.metric === route.metric) &&
    (route.via === undefined || other.via === route.via) &&
    (route.dev === undefined || other.dev === route.dev) &&
    (other.type ?? "unicast") === (route.type ?? "unicast");
  const at = netns.routes.findIndex(same);
  if (at < 0) refuse("ESRCH", `${netns.name} has no such route`);
  netns.routes.splice(at, 1);
}

function keyOf({ dst, table, metric }: RouteFact): string {
  return `${table ?? 254} ${dst} ${metric ?? 0}`;
}

/** The route as the kernel keeps it: with its device and, in IPv6, a metric. */
function settled(netns: MemoryNetns, { table, metric, proto, ...route }: RouteSpec): RouteFact {
  const six = familyOf(route.dst) === 6;
  const shown = {
    ...route,
    protocol: String(proto ?? "static"),
    ...(table !== undefined && table !== 254 && { table }),
    ...((metric || six) && { metric: metric || 1024 }),
  };
  if (route.type !== undefined && route.type !== "unicast") return shown;
  if (route.src !== undefined && !netns.hasAddr(route.src))
    refuse("EINVAL", `${route.src} is no address of ${netns.name}`);
  if (route.multipath !== undefined) {
    return {
      ...shown,
      multipath: route.multipath.map((hop) => ({ weight: 1, ...hop, dev: devOf(netns, hop, route.onlink) })),
    };
  }
  return { ...shown, dev: devOf(netns, route, route.onlink) };
}

/** The device by which a hop is reached; refuses gateways that are not on a link. */
function devOf(netns: MemoryNetns, { dev, via }: NextHop, onlink: boolean | undefined): IfName {
  if (dev !== undefined && !netns.link(dev).fact.up) refuse("ENETDOWN", `${dev} is not up`);
  if (via === undefined) return dev ?? refuse("ENODEV", "neither device nor gateway is given");
  const six = familyOf(via) === 6;
  if (netns.hasAddr(via)) refuse(six ? "EINVAL" : "ENETUNREACH", `gateway ${via} is a local address`);
  if (dev !== undefined && (onlink || (six && contains(linkLocal, via)))) return dev;
  return onLinkDev(netns, via, dev) ?? refuse(six ? "EHOSTUNREACH" : "ENETUNREACH", `gateway ${via} is on no link`);
}

function onLinkDev(netns: MemoryNetns, via: Ip, dev: IfName | undefined): IfName | undefined {
  const direct = (route: RouteFact) =>
    route.via === undefined &&
    route.dev !== undefined &&
    (route.type ?? "unicast") === "unicast" &&
    contains(route.dst, via);
  return [...netns.connected(), ...netns.routes].find(
    (route) => direct(route) && (dev === undefined || route.dev === dev),
  )?.dev;
}
