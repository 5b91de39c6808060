import {
  type FdbSpec,
  type NeighFact,
  type NetnsFacts,
  type PortVlanSpec,
  type QueueFacts,
  type RouteFact,
  type RuleSpec,
  ownerOfAlias,
} from "../../change/index.ts";
import {
  type Link,
  type Route,
  type Rule,
  listAddrs,
  listBridgeVlans,
  listFdb,
  listFilters,
  listLinks,
  listNeighs,
  listQdiscs,
  listRoutes,
  listRules,
  lookupRoute,
  rootQdisc,
} from "../../rtnl/index.ts";
import { NetlinkError } from "../../netlink/index.ts";
import { type NsFd, errno, inside, readSysctl } from "../../sys/index.ts";
import { type IfName, type Ip, parseIfName } from "../../values/index.ts";
import { present } from "./encode.ts";
import { qdiscFact } from "./qdisc.ts";
import { linkFact, unlessGone } from "./read-link.ts";
import { LOOPBACK_INDEX, type Session } from "./session.ts";

const MAIN_TABLE = 254;
const COMPARED_TYPES = new Set(["unicast", "blackhole", "unreachable", "prohibit"]);
/** Rules that every namespace starts with (lookup of local, main, default). */
const BUILT_IN_RULES = new Set([0, 32766, 32767]);
/** The kernel's own choices: nobody put them there. */
const DEFAULT_QDISCS = new Set(["noqueue", "noop", "mq", "pfifo_fast", "pfifo"]);

/** The kernel tells those of all ports at once. */
export function readPortVlans({ socket }: Session, name: string): readonly PortVlanSpec[] {
  const index = socket.indexOf(name);
  const port = index === undefined ? undefined : socket.dump(listBridgeVlans()).find((one) => one.index === index);
  return (port?.vlans ?? []).map(({ vid, pvid, untagged }) => ({
    vid,
    ...(pvid && { pvid }),
    ...(untagged && { untagged }),
  }));
}

/** A link's root discipline and the filter that redirects what comes in, without reading other links'. */
export function readQueues({ socket }: Session, name: string): QueueFacts | undefined {
  const index = socket.indexOf(name);
  if (index === undefined) return undefined;
  const root = socket.ask(rootQdisc(index));
  const filters = unlessGone(() => socket.dump(listFilters(index)));
  if (filters === undefined) return undefined;
  const to = filters.find(({ redirect }) => redirect !== undefined)?.redirect;
  const redirect = to === undefined ? undefined : socket.nameOf(to);
  return present<QueueFacts>({
    root: root === undefined ? undefined : qdiscFact(root),
    redirect: redirect === undefined ? undefined : parseIfName(redirect),
  });
}

const ENETUNREACH = errno("ENETUNREACH");
const EHOSTUNREACH = errno("EHOSTUNREACH");

/** The routes of a namespace, without reading its links. */
export function readRoutes({ socket }: Session): readonly RouteFact[] {
  const names = new Map<number, IfName | undefined>();
  const nameOf = (index: number | undefined): IfName | undefined => {
    if (index === undefined || index === 0) return undefined;
    if (!names.has(index)) {
      const name = socket.nameOf(index);
      names.set(index, name === undefined ? undefined : parseIfName(name));
    }
    return names.get(index);
  };
  return socket.dump(listRoutes({ withoutLocal: true })).flatMap((route) => routeFact(route, nameOf));
}

/** The link that packets to an address leave by. */
export function readWay({ socket }: Session, ip: Ip): IfName | undefined {
  const answer = socket.answer(lookupRoute({ dst: ip }));
  if ("refusal" in answer) {
    const { refusal } = answer;
    if (refusal.errno === ENETUNREACH || refusal.errno === EHOSTUNREACH) return undefined;
    throw new NetlinkError(`look up the route to ${ip}`, refusal);
  }
  const name = answer.fact.oif === undefined ? undefined : socket.nameOf(answer.fact.oif);
  return name === undefined ? undefined : parseIfName(name);
}

/** What to read in a namespace; as in {@link FactsRequest}. */
interface Reading {
  readonly sysctls: readonly string[];
  readonly depth: "links" | "all";
  readonly neighbours: boolean;
  readonly txChecksums: boolean;
}

/** All that diff and the reports look at in one namespace. */
export function readFacts(
  session: Session,
  fd: NsFd,
  { sysctls, depth, neighbours, txChecksums }: Reading,
): NetnsFacts {
  const { socket, netns } = session;
  const links = socket.dump(listLinks());
  session.saw(links);
  const names = new Map(links.map(({ index, name }) => [index, parseIfName(name)]));
  const nameOf = (index: number | undefined): IfName | undefined =>
    index === undefined ? undefined : names.get(index);
  const addrs = Map.groupBy(socket.dump(listAddrs()), ({ index }) => index);
  const loopback = links.find(({ index }) => index === LOOPBACK_INDEX);
  const qdiscs = links.some(hasQdisc) ? socket.dump(listQdiscs()) : [];
  return present<NetnsFacts>({
    name: netns,
    owner: loopback?.alias === undefined ? undefined : ownerOfAlias(loopback.alias),
    sysctls: sysctls.length === 0 ? {} : inside(fd, () => readSysctls(sysctls)),
    links: links.map((link) => {
      const root = qdiscs.find(
        ({ index, parent, kind }) => index === link.index && parent === undefined && kind !== "ingress",
      );
      const fact = linkFact(link, nameOf, addrs.get(link.index) ?? [], root && qdiscFact(root));
      const txChecksum = txChecksums ? socket.txChecksum(link.name) : undefined;
      return txChecksum === undefined ? fact : { ...fact, txChecksum };
    }),
    routes:
      depth === "links"
        ? []
        : socket.dump(listRoutes({ withoutLocal: true })).flatMap((route) => routeFact(route, nameOf)),
    rules: depth === "links" ? [] : socket.dump(listRules()).flatMap(ruleFact),
    ...(depth === "links" || !neighbours ? { neighs: [], fdb: [] } : readNeighbours(session, links, nameOf)),
  });
}

const hasQdisc = ({ qdisc }: Link): boolean => qdisc !== undefined && !DEFAULT_QDISCS.has(qdisc);

function readSysctls(keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = readSysctl(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/**
 * The kernel walks the neighbours of all namespaces for each dump, so it is asked per namespace only: forwarding entries
 * only where there is a vxlan.
 */
function readNeighbours(
  { socket }: Session,
  links: readonly Link[],
  nameOf: (index: number) => IfName | undefined,
): { readonly neighs: readonly NeighFact[]; readonly fdb: readonly FdbSpec[] } {
  const neighs = socket.dump(listNeighs()).flatMap(({ index, ip, mac, state, proxy }) => {
    const dev = nameOf(index);
    return dev === undefined || proxy || state === "noarp"
      ? []
      : [present<NeighFact>({ dev, ip, mac, state: String(state) })];
  });
  const fdb = links
    .filter(({ kind }) => kind === "vxlan")
    .flatMap(({ index, name }) =>
      socket.dump(listFdb({ index })).flatMap(({ mac, dst, life, table, viaIndex }) =>
        dst === undefined || life !== "permanent" || table !== "self"
          ? []
          : [
              present<FdbSpec>({
                dev: parseIfName(name),
                mac,
                dst,
                via: viaIndex === undefined ? undefined : nameOf(viaIndex),
              }),
            ],
      ),
    );
  return { neighs, fdb };
}

function routeFact(route: Route, nameOf: (index: number | undefined) => IfName | undefined): RouteFact[] {
  if (!COMPARED_TYPES.has(String(route.type))) return [];
  const { encap } = route;
  return [
    present<RouteFact>({
      dst: route.dst,
      via: route.gateway,
      dev: nameOf(route.oif),
      src: route.prefSrc,
      onlink: route.onlink || route.multipath?.some((hop) => hop.onlink) ? true : undefined,
      metric: route.metric,
      table: route.table === MAIN_TABLE ? undefined : route.table,
      mtu: route.metrics?.mtu,
      multipath: route.multipath?.map(({ gateway, oif, weight }) =>
        present({ via: gateway, dev: nameOf(oif), weight }),
      ),
      encap: encap?.type === "ip" || encap?.type === "ip6" ? encapSpec(encap) : undefined,
      type: route.type === "unicast" ? undefined : (route.type as RouteFact["type"]),
      protocol: String(route.protocol),
    }),
  ];
}

function encapSpec({
  type,
  dst,
  src,
  id,
  ttl,
}: Extract<NonNullable<Route["encap"]>, { type: "ip" | "ip6" }>): RouteFact["encap"] {
  if (dst === undefined) return undefined;
  // The kernel tells all of them, zeros for what nobody said.
  return present<NonNullable<RouteFact["encap"]>>({
    type,
    dst,
    src: src === "0.0.0.0" || src === "::" ? undefined : src,
    id: id === 0n ? undefined : id,
    ttl: ttl === 0 ? undefined : ttl,
  });
}

function ruleFact(rule: Rule): RuleSpec[] {
  if (BUILT_IN_RULES.has(rule.priority) || rule.action !== "lookup") return [];
  return [
    present<RuleSpec>({
      family: rule.family,
      priority: rule.priority,
      table: rule.table,
      from: rule.from,
      to: rule.to,
      iif: rule.iif === undefined ? undefined : parseIfName(rule.iif),
      oif: rule.oif === undefined ? undefined : parseIfName(rule.oif),
      mark: rule.mark,
    }),
  ];
}
