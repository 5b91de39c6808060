/** CHECK: what ADD did, compared with what is there. Differences are told as sentences, all together. */
import type { LinkFact, NetnsFacts, RouteFact } from "../change/index.ts";
import {
  type Call,
  CniError,
  HOST,
  type Interface,
  type IpConfig,
  POD,
  type Result,
  type Route,
  type Work,
  codes,
} from "../cni/index.ts";
import { forwardings, viaOf } from "./_interface.ts";
import { familyOf, hostPrefix, networkOf, prefixIp } from "../values/index.ts";

/** What ADD answered, of which CHECK must be told. @throws {CniError} 7 */
export function answered({ prevResult }: Call): Result {
  if (prevResult !== undefined) return prevResult;
  throw new CniError(
    codes.invalidConfig,
    "cannot CHECK: prevResult is missing",
    "at prevResult: the runtime passes on what ADD answered",
  );
}

/** @throws {CniError} 105 when there is any */
export function report(differences: readonly string[]): void {
  const [first, ...others] = differences;
  if (first === undefined) return;
  throw new CniError(
    codes.checkFailed,
    `CHECK: ${first}`,
    others.length === 0 ? "somebody changed it after ADD; DEL and ADD make it anew" : `and ${others.join("; and ")}`,
  );
}

/** What is in the container's namespace. */
export function podFacts({ kernel }: Work): NetnsFacts | undefined {
  return kernel.facts({ namespaces: [POD], neighbours: () => false }).get(POD);
}

export interface Expected {
  readonly kind?: string;
  readonly up: boolean;
}

/** How the container's interface differs from what ADD answered. Later plugins of a chain may have moved routes to other tables. */
export function podDifferences(
  { ifname }: Call,
  prev: Result,
  facts: NetnsFacts | undefined,
  expected: Expected,
): readonly string[] {
  const link = facts?.links.find(({ name }) => name === ifname);
  if (facts === undefined || link === undefined) return [`the container has no interface ${ifname}`];
  const place = (prev.interfaces ?? []).findIndex((one) => one.name === ifname && one.sandbox !== undefined);
  const ips = (prev.ips ?? []).filter((ip) => ip.interface === undefined || ip.interface === place);
  return [
    ...linkDifferences(link, prev.interfaces?.[place], expected),
    ...ips.flatMap(({ address }) => {
      const has = link.addrs.find(({ prefix }) => prefix === address);
      if (has === undefined) return [`${ifname} has not the address ${address}`];
      if (has.dadFailed) return [`the address ${address} of ${ifname} is in use elsewhere on the network`];
      const near = networkOf(address);
      if (!expected.up || near === hostPrefix(prefixIp(address)) || facts.routes.some(({ dst }) => dst === near))
        return [];
      return [`there is no route to ${near}`];
    }),
    ...(expected.up ? (prev.routes ?? []) : []).flatMap((route) => routeDifferences(route, ips, ifname, facts.routes)),
  ];
}

/** How the way to a destination differs. A default route that a later plugin moved to another table may have another gateway there. */
export function routeDifferences(
  route: Route,
  ips: readonly IpConfig[],
  ifname: string,
  routes: readonly RouteFact[],
): readonly string[] {
  const { table } = route;
  const dst = networkOf(route.dst); // a result keeps host bits, as of CRI-O's 1100:200::1/24; the kernel does not
  const via = viaOf(route, ips);
  const there = routes.filter((fact) => fact.dst === dst);
  const isMoved = (fact: RouteFact): boolean =>
    (dst === "0.0.0.0/0" || dst === "::/0") && fact.table !== table && hopsOf(fact).some(({ dev }) => dev === ifname);
  if (there.some((fact) => via === undefined || isMoved(fact) || hopsOf(fact).some((hop) => hop.via === via)))
    return [];
  const other = there.find((fact) => fact.table === table);
  if (other === undefined) return [`there is no route to ${dst}${via === undefined ? "" : ` via ${via}`}`];
  const hops = hopsOf(other).map((hop) => hop.via ?? `no gateway on ${hop.dev ?? "no interface"}`);
  return [`the route to ${dst} goes via ${hops.join(" and ")}, not via ${via}`];
}

function hopsOf(fact: RouteFact): readonly Pick<RouteFact, "via" | "dev">[] {
  return fact.multipath ?? [fact];
}

/** How a link differs from what ADD answered of it. */
export function linkDifferences(
  link: LinkFact,
  told: Interface | undefined,
  { kind, up }: Expected,
): readonly string[] {
  const { name } = link;
  return [
    ...(kind === undefined || link.kind === kind ? [] : [`${name} is ${link.kind ?? "another device"}, not ${kind}`]),
    ...(told?.mac === undefined || told.mac === link.mac
      ? []
      : [`${name} has the MAC address ${link.mac ?? "of none"}, not ${told.mac}`]),
    ...(up && !link.up ? [`${name} is down`] : []),
  ];
}

/** How the host's end of the container's veth differs: it must be that end, up and as ADD answered. */
export function pairDifferences(
  call: Call,
  work: Work,
  prev: Result,
  names: readonly string[],
): {
  readonly host?: LinkFact;
  readonly differences: readonly string[];
} {
  const pod = work.kernel.link(POD, call.ifname);
  if (pod === undefined) return { differences: [] };
  const found = names.flatMap((name) => work.kernel.link(HOST, name) ?? []);
  const host = found.find(({ peerIndex, index }) => peerIndex === pod.index && pod.peerIndex === index);
  if (host === undefined)
    return { differences: [`the other end of ${call.ifname} is not on the host (${names.join(", ")})`] };
  const told = prev.interfaces?.find(({ name, sandbox }) => name === host.name && sandbox === undefined);
  return { host, differences: linkDifferences(host, told, { kind: "veth", up: true }) };
}

/** Interfaces on the host that ADD answered. */
export function hostNames({ interfaces = [] }: Result): readonly string[] {
  return interfaces.flatMap(({ name, sandbox }) => (sandbox === undefined || sandbox === "" ? [name] : []));
}

/** Families of the addresses that the host does not forward. */
export function forwardingDifferences({ kernel }: Work, { ips = [] }: Result): readonly string[] {
  return ([4, 6] as const).flatMap((family) =>
    ips.some(({ address }) => familyOf(address) === family) && kernel.sysctl(HOST, forwardings[family]) === "0"
      ? [`the host does not forward IPv${family} (${forwardings[family]} is 0)`]
      : [],
  );
}
