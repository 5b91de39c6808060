/** A device of the node that is a port of a bridge for a while: it gets back what it had. */
import type { AddrFact, AddrSpec, LinkFact, Op, RouteFact, RouteSpec } from "../change/index.ts";
import { OpError } from "../kernel/index.ts";
import { type IfName, type Prefix, familyOf, isLinkLocal } from "../values/index.ts";
import { planAddresses } from "./addresses.ts";
import { PodsError } from "./error.ts";
import { type Job, NODE, asTyped } from "./job.ts";
import { portOps, requireLink } from "./link.ts";
import { ROUTE_OWNER } from "./owner.ts";
import { forget, recall, remember, remembered } from "./remembered.ts";
import { specOf } from "./routes.ts";

/** What a device had before it became a port, and what the bridge got for it. */
interface Lent {
  readonly device: IfName;
  /** The kernel's number: another device of the name has none of this. */
  readonly index: number;
  readonly bridge: IfName;
  readonly up: boolean;
  readonly addrs: readonly AddrSpec[];
  readonly routes: readonly RouteSpec[];
  readonly given: readonly Prefix[];
}

const PREFIX = "port-";

/**
 * A device of this node becomes a port of a bridge, and the bridge gets the node's addresses; what the device had goes, until it is
 * released. @throws {PodsError} `missing`, `conflict`
 */
export function attachDevice(job: Job, device: string, bridge: string, prefixes: readonly Prefix[]): void {
  const port = requireLink(job, device, `attach ${device} to ${bridge}`);
  const master = requireLink(job, bridge, `attach ${device} to ${bridge}`);
  if (master.kind !== "bridge") {
    throw new PodsError("conflict", `cannot attach ${device} to ${bridge}: that is a ${master.kind ?? "device"}`);
  }
  const joins = portOps(port, master.name, { up: true });
  const gives = planAddresses(NODE, master, prefixes);
  const ops: Op[] = [
    ...joins,
    ...gives,
    ...port.addrs.map(({ prefix }): Op => ({ do: "addr.delete", netns: NODE, dev: port.name, addr: { prefix } })),
  ];
  if (ops.length === 0) return;
  const given = gives.flatMap((op) => (op.do === "addr.add" ? [op.addr.prefix] : []));
  remember(job, `${PREFIX}${port.name}`, lentNow(job, port, master.name, given));
  job.run(ops);
}

/** What it has now, and if it is a port already what it had before that: a command that was killed may have taken half. */
function lentNow(job: Job, port: LinkFact, bridge: IfName, given: readonly Prefix[]): Lent {
  const { name: device, index, up } = port;
  const older = recall<Lent>(`${PREFIX}${device}`);
  const goesOn = older?.index === index && older.bridge === bridge && port.master === bridge;
  const addrs = port.addrs.flatMap(addrSpec);
  const routes = job.kernel.routes(NODE).filter((route) => isThrough(route, device));
  return {
    device,
    index,
    bridge,
    up: goesOn ? older.up : up,
    addrs: [...(goesOn ? older.addrs : []), ...addrs],
    routes: [...(goesOn ? older.routes : []), ...routes.map(routeSpec)],
    given: [...(goesOn ? older.given : []), ...given],
  };
}

/** Those that routers advertise (RFC 4862) come again by themselves, and would not end here. */
function addrSpec({ prefix, broadcast, noPrefixRoute, scope, fromKernel }: AddrFact): AddrSpec[] {
  if (fromKernel && scope === "global") return [];
  return [
    {
      prefix,
      ...(familyOf(prefix) === 6 && { noDad: true }),
      ...(broadcast !== undefined && { broadcast }),
      ...(noPrefixRoute === true && { noPrefixRoute }),
    },
  ];
}

/** Whether a route through a device is somebody's wish: others follow from addresses, come from routers, or go with the pods. */
function isThrough({ dev, multipath, protocol, encap, dst }: RouteFact, device: IfName): boolean {
  if (["kernel", "ra", "redirect", String(ROUTE_OWNER)].includes(protocol) || encap !== undefined) return false;
  return !isLinkLocal(dst) && (dev === device || multipath?.some((hop) => hop.dev === device) === true);
}

/** rtm_protocol of linux/rtnetlink.h, of what people and programs write by name. */
const protocols: Readonly<Record<string, number>> = { boot: 3, dhcp: 16 };

function routeSpec(route: RouteFact): RouteSpec {
  const { protocol } = route;
  const proto = /^[0-9]+$/.test(protocol) ? Number(protocol) : protocols[protocol];
  return { ...specOf(route), ...(proto !== undefined && { proto }) };
}

/** Devices that commands attached are no ports any more, and have what they had. Returns what could not be given back, and why. */
export function releaseDevices(job: Job): readonly string[] {
  const failures: string[] = [];
  for (const name of remembered()) {
    if (!name.startsWith(PREFIX)) continue;
    const lent = recall<Lent>(name);
    if (lent !== undefined) failures.push(...release(job, lent));
    forget(name);
  }
  return failures;
}

function release(job: Job, { device, index, bridge, up, addrs, routes, given }: Lent): readonly string[] {
  const port = job.kernel.link(NODE, device);
  if (port === undefined || port.index !== index) return [];
  const isFree = port.master === undefined && !port.addrs.some(({ scope }) => scope === "global");
  // Somebody has made something else of it.
  if (port.master !== bridge && !isFree) return [];
  const master = job.kernel.link(NODE, bridge);
  const has = (link: LinkFact | undefined, prefix: Prefix): boolean =>
    link?.addrs.some((addr) => addr.prefix === prefix) === true;
  const back = {
    ...(port.master === bridge && { master: null }),
    ...(!up && port.up && { up: false }),
  };
  const was = { ...(port.master !== undefined && { master: port.master }), ...("up" in back && { up: true }) };
  job.run([
    ...given
      .filter((prefix) => has(master, prefix))
      .map((prefix): Op => ({ do: "addr.delete", netns: NODE, dev: bridge, addr: { prefix } })),
    ...(Object.keys(back).length === 0 ? [] : [{ do: "link.set", netns: NODE, name: device, set: back, was } as const]),
    ...addrs
      .filter(({ prefix }) => !has(port, prefix))
      .map((addr): Op => ({ do: "addr.add", netns: NODE, dev: device, addr })),
  ]);
  return giveRoutes(job, device, routes);
}

/** Each by itself, those that others need first: a way that is no more one is no reason to keep the pods. */
function giveRoutes(job: Job, device: IfName, routes: readonly RouteSpec[]): readonly string[] {
  const there = job.kernel.routes(NODE);
  const isThere = ({ dst, table, metric }: RouteSpec): boolean =>
    there.some((one) => one.dst === dst && one.table === table && one.metric === metric);
  const isHop = ({ via }: RouteSpec): number => (via === undefined ? 0 : 1);
  return routes
    .filter((route) => !isThere(route))
    .toSorted((a, b) => isHop(a) - isHop(b))
    .flatMap((route) => {
      try {
        job.run([{ do: "route.put", netns: NODE, route }]);
        return [];
      } catch (error) {
        if (!(error instanceof OpError)) throw error;
        return [`${device} has not got back its route to ${route.dst}: ${asTyped(error.message)}`];
      }
    });
}
