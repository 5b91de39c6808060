import type { NetnsFacts, Op, RouteFact, RouteSpec, RuleSpec } from "../../change/index.ts";
import { type Call, CniError, type IpConfig, POD, type Result, codes } from "../../cni/index.ts";
import {
  type Family,
  type IfName,
  type Ip,
  type Prefix,
  contains,
  familyOf,
  hostPrefix,
  networkOf,
  parsePrefix,
  prefixIp,
} from "../../values/index.ts";
import type { SbrConf } from "./schema.ts";

/** What sbr looks at in the container. */
export type SbrFacts = Pick<NetnsFacts, "routes" | "rules">;

const FIRST_TABLE = 100;
/** Priority of the rule that looks into the main table: ours come before it. */
const MAIN_PRIORITY = 32766;
const defaults: Readonly<Record<Family, Prefix>> = { 4: parsePrefix("0.0.0.0/0"), 6: parsePrefix("::/0") };
/** Every interface's own, of no use in a table of its own: the kernel finds the link by the destination's scope. */
const LINK_LOCAL = parsePrefix("fe80::/10");

/**
 * What ADD does: packets from each address of the interface are routed by a table of its own, which gets the interface's
 * routes; the main table loses them.
 */
export function planSbr(
  conf: SbrConf,
  ips: readonly IpConfig[],
  dev: IfName,
  { routes, rules }: SbrFacts,
): readonly Op[] {
  const priorities = { 4: nextPriority(rules, 4), 6: nextPriority(rules, 6) };
  const ruleOp = (address: Prefix, table: number): Op => {
    const family = familyOf(address);
    const rule: RuleSpec = { family, priority: priorities[family]--, table, from: hostPrefix(prefixIp(address)) };
    return { do: "rule.add", netns: POD, rule };
  };
  const { table } = conf;
  if (table !== undefined) return ips.map(({ address }) => ruleOp(address, table));
  const own = routes.filter((route) => isOf(route, dev));
  const tables = freeTables(rules, routes);
  const copies = ips.flatMap((ip): readonly Op[] => {
    const free = tables.next().value;
    return [...routesOf(conf, ip, own, dev).map((route) => put({ ...route, table: free })), ruleOp(ip.address, free)];
  });
  // What is behind a gateway goes first, and comes back last should this be undone.
  const [behind, near] = [own.filter(isBehind), own.filter((route) => !isBehind(route))];
  return [...copies, ...behind.map(gone), ...(conf.sourceHints ? hints(ips, near, dev) : near.map(gone))];
}

function isOf({ dev, table, multipath, dst }: RouteFact, name: IfName): boolean {
  if (table !== undefined || contains(LINK_LOCAL, dst)) return false;
  return multipath === undefined ? dev === name : multipath.every((hop) => hop.dev === name);
}

/** What goes into an address's table: what is on the link before what is behind a gateway on it, and the way out. */
function routesOf({ gateways }: SbrConf, ip: IpConfig, own: readonly RouteFact[], dev: IfName): readonly RouteSpec[] {
  const family = familyOf(ip.address);
  const fixed = gateways[family];
  const fitting = own
    .filter(({ dst }) => familyOf(dst) === family && (fixed === undefined || dst !== defaults[family]))
    .filter((route) => fits(route, ip.address))
    .map(specOf);
  const via = fixed ?? ip.gateway;
  const hasDefault = fitting.some(({ dst }) => dst === defaults[family]);
  return [
    ...fitting.filter((route) => !isBehind(route)),
    ...(via === undefined || hasDefault ? [] : [{ dst: defaults[family], via, dev }]),
    ...fitting.filter(isBehind),
  ];
}

function isBehind({ via, multipath }: RouteSpec): boolean {
  return via !== undefined || multipath !== undefined;
}

/** Is it a route for packets from this address: its source, its gateway or, without both, any? */
function fits({ src, via, multipath }: RouteFact, address: Prefix): boolean {
  const near = networkOf(address);
  const hops = multipath?.map((hop) => hop.via) ?? [via];
  const known = [src, ...hops].filter((ip): ip is Ip => ip !== undefined);
  return known.length === 0 || known.some((ip) => familyOf(ip) === familyOf(near) && contains(near, ip));
}

/** The main table keeps the routes to the addresses' prefixes, with the address as source. */
function hints(ips: readonly IpConfig[], near: readonly RouteFact[], dev: IfName): readonly Op[] {
  return ips.map(({ address }): Op => {
    const dst = networkOf(address);
    const was = near.find((route) => route.dst === dst && route.metric === undefined);
    return put({ dst, dev, src: prefixIp(address) }, was && specOf(was));
  });
}

function put(route: RouteSpec, was?: RouteSpec): Op {
  return { do: "route.put", netns: POD, route, ...(was && { was }) };
}

function gone(route: RouteFact): Op {
  return { do: "route.delete", netns: POD, route: specOf(route) };
}

function specOf({ protocol: _, ...route }: RouteFact): RouteSpec {
  return route;
}

/** As the kernel chooses it: before all rules but the first, which looks into the local table. */
function nextPriority(rules: readonly RuleSpec[], family: Family): number {
  const taken = rules.filter((rule) => rule.family === family && rule.priority > 0).map(({ priority }) => priority);
  return Math.min(MAIN_PRIORITY, ...taken) - 1;
}

function* freeTables(rules: readonly RuleSpec[], routes: readonly RouteSpec[]): Generator<number, never> {
  const taken = new Set([...rules, ...routes].map(({ table }) => table));
  for (let table = FIRST_TABLE; ; table++) if (!taken.has(table)) yield table;
}

/** The addresses of the interface in a result; those that name no interface are all its. @throws {CniError} 7 */
export function addressesOf({ ips = [], interfaces = [] }: Result, { ifname, command }: Call): readonly IpConfig[] {
  const own = ips.filter(
    ({ interface: place }) => place === undefined || (interfaces[place]?.name ?? ifname) === ifname,
  );
  if (own.length > 0) return own;
  throw new CniError(
    codes.invalidConfig,
    `cannot ${command}: interface ${ifname} has no address, so there is no source to route by`,
    "at prevResult.ips: put sbr behind a plugin that gives the interface addresses",
  );
}

/** What DEL does: rules go whose source is one of the addresses; of a table that was given, only those into it. */
export function planRelease({ table }: SbrConf, addresses: readonly Ip[], rules: readonly RuleSpec[]): readonly Op[] {
  const own = new Set(addresses.map((ip) => hostPrefix(ip)));
  return rules
    .filter(({ from, table: into }) => from !== undefined && own.has(from) && (table === undefined || into === table))
    .map((rule) => ({ do: "rule.delete", netns: POD, rule }));
}

/** What CHECK finds first. @throws {CniError} 105 */
export function checkSbr(conf: SbrConf, ips: readonly IpConfig[], dev: IfName, { routes, rules }: SbrFacts): void {
  for (const { address, gateway } of ips) {
    const ip = prefixIp(address);
    const family = familyOf(ip);
    const rule = rules.find(({ from, table }) => from === hostPrefix(ip) && table === (conf.table ?? table));
    if (rule === undefined) {
      const into = conf.table === undefined ? "a table of its own" : `table ${conf.table}`;
      throw missing(`no rule sends packets from ${ip} to ${into}`, "table");
    }
    if (conf.table !== undefined || (conf.gateways[family] ?? gateway) === undefined) continue;
    const out = routes.find(({ dst, table }) => table === rule.table && dst === defaults[family]);
    if (out === undefined || (out.dev !== dev && out.multipath === undefined)) {
      throw missing(`table ${rule.table} has no default route by ${dev} for packets from ${ip}`, "prevResult.ips");
    }
  }
}

function missing(what: string, where: string): CniError {
  return new CniError(codes.checkFailed, what, `at ${where}: somebody deleted it after ADD`);
}
