import type { AddrSpec, LinkFact, LinkSpecOf, NetnsFacts, Op, RouteFact, RouteSpec } from "../../change/index.ts";
import { CniError, POD, codes } from "../../cni/index.ts";
import { type IfName, familyOf } from "../../values/index.ts";
import { differs } from "../_chained.ts";

/** What vrf looks at in the container. */
export type VrfFacts = Pick<NetnsFacts, "links" | "routes">;

interface Wish {
  readonly name: IfName;
  readonly table?: number;
}

/**
 * What ADD does: the interface becomes a port of the VRF. The kernel sets it down and up on the way, which costs its routes and
 * IPv6 addresses: these come back, the routes in the VRF's table.
 * @throws {CniError} 101
 */
export function planVrf({ name, table }: Wish, link: LinkFact, { links, routes }: VrfFacts): readonly Op[] {
  if (link.master !== undefined) {
    throw new CniError(
      codes.exists,
      `cannot make ${link.name} a port of ${name}: it is one of ${link.master}`,
      `in the container: ip link set ${link.name} nomaster, or leave the plugin out that did it`,
    );
  }
  const there = links.find((one) => one.name === name);
  const own = there === undefined ? (table ?? freeTable(links)) : tableOf(there, table);
  const addrs = link.addrs.filter(
    ({ prefix, scope, fromKernel }) => familyOf(prefix) === 6 && scope === "global" && !fromKernel,
  );
  const kept = routesOf(link.name, routes);
  const addrOps = addrs.map(({ prefix, noPrefixRoute }): Op => {
    const addr: AddrSpec = { prefix, noDad: true, ...(noPrefixRoute && { noPrefixRoute }) };
    return { do: "addr.add", netns: POD, dev: link.name, addr, replace: true };
  });
  const routeOp = (route: RouteSpec): Op => ({ do: "route.put", netns: POD, route });
  const vrf: LinkSpecOf<"vrf"> = { name, kind: "vrf", data: { table: own }, up: true };
  return [
    ...(there === undefined ? [{ do: "link.add", netns: POD, link: vrf } as const] : []),
    {
      do: "link.set",
      netns: POD,
      name: link.name,
      set: { master: name },
      was: {},
      // Leaving the VRF costs the same again.
      lost: [...addrOps, ...kept.map(routeOp)],
    },
    ...addrOps,
    ...kept.map((route) => routeOp({ ...route, table: own })),
  ];
}

/** The routes of the main table that somebody made, those to what is on the link first: the others go by these. */
function routesOf(dev: IfName, routes: readonly RouteFact[]): readonly RouteSpec[] {
  const own = routes.filter(
    (route) => route.table === undefined && route.protocol !== "kernel" && (route.dev === dev || isByAll(route, dev)),
  );
  const specs = own.map(({ protocol: _, ...route }): RouteSpec => route);
  const isBehind = ({ via, multipath }: RouteSpec) => via !== undefined || multipath !== undefined;
  return [...specs.filter((route) => !isBehind(route)), ...specs.filter(isBehind)];
}

function isByAll({ multipath }: RouteFact, dev: IfName): boolean {
  return multipath?.every((hop) => hop.dev === dev) ?? false;
}

/** The table of the VRF that is there. @throws {CniError} 101 */
function tableOf(link: LinkFact, wanted: number | undefined): number {
  const table = vrfTable(link);
  if (table === undefined) {
    throw new CniError(
      codes.exists,
      `cannot use ${link.name} as a VRF: it is ${link.kind ?? "a device of another kind"}`,
      "at vrfname: choose another name",
    );
  }
  if (wanted === undefined || wanted === table) return table;
  throw new CniError(
    codes.exists,
    `cannot use table ${wanted} for ${link.name}: the VRF is there and has table ${table}`,
    "at table: write that one, or leave it out",
  );
}

function vrfTable({ kind, data }: LinkFact): number | undefined {
  return kind === "vrf" ? (data as { readonly table?: number } | undefined)?.table : undefined;
}

/** The first that no other VRF has. */
function freeTable(links: readonly LinkFact[]): number {
  const taken = new Set(links.map(vrfTable));
  let table = 1;
  while (taken.has(table)) table++;
  return table;
}

/** What DEL does: the interface leaves, and the VRF goes with its last one. */
export function planRelease(name: IfName, ifname: string, links: readonly LinkFact[]): readonly Op[] {
  const vrf = links.find((link) => link.name === name && link.kind === "vrf");
  if (vrf === undefined) return [];
  const ports = links.filter(({ master }) => master === name);
  const own = ports.find((link) => link.name === ifname);
  const others = ports.filter((link) => link !== own);
  return [
    ...(own === undefined
      ? []
      : [{ do: "link.set", netns: POD, name: own.name, set: { master: null }, was: { master: name } } as const]),
    ...(others.length > 0 ? [] : [{ do: "link.delete", netns: POD, name } as const]),
  ];
}

/** What CHECK finds first. @throws {CniError} 105 */
export function checkVrf({ name, table }: Wish, link: LinkFact, vrf: LinkFact | undefined): void {
  if (vrf === undefined) {
    throw new CniError(
      codes.checkFailed,
      `there is no VRF ${name} in the container`,
      "at vrfname: somebody deleted it after ADD",
    );
  }
  const found = vrfTable(vrf);
  if (found === undefined) throw differs(name, vrf.kind ?? "another device", "a VRF", "vrfname");
  if (table !== undefined && table !== found) throw differs(`the table of ${name}`, `${found}`, `${table}`, "table");
  if (!vrf.up) throw differs(name, "down", "up", "vrfname");
  if (link.master !== name) throw differs(`the master of ${link.name}`, link.master ?? "none", name, "vrfname");
}
