import { printDisowned, printOwned, printTable } from "../nft/index.ts";
import { printSwitchChange, switchChanges } from "../ovsdb/switch.ts";
import { familyOf } from "../values/index.ts";
import { printLinkAdd, printLinkSet } from "./_print-link.ts";
import { word } from "./_shell.ts";
import type { EncapSpec, FdbSpec, NeighSpec, PortVlanSpec, QdiscSpec, RouteSpec, RuleSpec } from "./net.ts";
import type { Op, OpOf } from "./op.ts";

/** The op as one line an engineer recognises; iproute2 (and sysctl) can run it. */
export function printOp(op: Op): string {
  const n = `-n ${word(op.netns)}`;
  const exec = `ip netns exec ${word(op.netns)}`;
  switch (op.do) {
    case "netns.create":
      return `ip netns add ${word(op.netns)}  # ${op.owner}, hostname ${op.hostname}`;
    case "netns.delete":
      return `ip netns delete ${word(op.netns)}`;
    case "sysctl.set":
      return `${exec} sysctl -w ${word(`${op.key}=${op.value}`)}`;
    case "link.add":
      return printLinkAdd(op);
    case "link.set":
      return printLinkSet(op);
    case "link.delete":
      return `ip ${n} link delete dev ${word(op.name)}`;
    case "link.move":
      return printLinkMove(op);
    case "vlan.add":
    case "vlan.delete":
      return `bridge ${n} vlan ${op.do === "vlan.add" ? "add" : "delete"} dev ${word(op.dev)} ${printVlan(op.vlan)}`;
    case "addr.add":
      return `ip ${n} addr ${op.replace ? "replace" : "add"} ${printAddr(op)}`;
    case "addr.delete":
      return `ip ${n} addr delete ${op.addr.prefix} dev ${word(op.dev)}`;
    case "route.put":
      return `ip ${n} route ${op.prepend ? "prepend" : "replace"} ${printRoute(op.route)}`;
    case "route.delete":
      return `ip ${n} route delete ${printRoute(op.route)}`;
    case "rule.add":
    case "rule.delete":
      return `ip -${op.rule.family} ${n} rule ${op.do === "rule.add" ? "add" : "delete"} ${printRule(op.rule)}`;
    case "neigh.put":
      return `ip ${n} neigh replace ${printNeigh(op.neigh)} nud permanent`;
    case "neigh.delete":
      return `ip ${n} neigh delete ${op.neigh.ip} dev ${word(op.neigh.dev)}`;
    case "neigh.forget":
      return op.ips.map((ip) => `ip ${n} neigh flush to ${ip}`).join(" && ");
    case "fdb.put":
      return `bridge ${n} fdb ${isAnyMac(op.fdb) ? "append" : "replace"} ${printFdb(op.fdb)} self permanent`;
    case "fdb.delete":
      return `bridge ${n} fdb delete ${printFdb(op.fdb)} self`;
    case "qdisc.put":
      return `tc ${n} qdisc ${op.fresh ? "add" : "replace"} dev ${word(op.dev)} root ${op.fresh ? "handle 1: " : ""}${printQdisc(op.qdisc)}`;
    case "qdisc.delete":
      return `tc ${n} qdisc delete dev ${word(op.dev)} root`;
    case "redirect.add":
      return printRedirect(n, op);
    case "redirect.delete":
      return `tc ${n} qdisc delete dev ${word(op.dev)} ingress`;
    case "nft.put":
      return `${exec} nft ${word(printOwned(op.table, op.owner, op.own).join("; "))}`;
    case "nft.clear":
      return printClear(exec, op);
    case "nft.delete":
      return `${exec} nft ${word(printDisowned(op.table, op.owner, op.was).join("; "))}`;
    case "offload.set":
      return `${exec} ethtool -K ${word(op.dev)} tx ${op.txChecksum ? "on" : "off"}`;
    case "ovs.start":
      return printStart(exec, op);
    case "ovs.stop":
      return `kill $(cat ${word(`${op.folder}/ovs-vswitchd.pid`)} ${word(`${op.folder}/ovsdb-server.pid`)})`;
    case "ovs.put":
      return printPut(op);
    case "flows.forget":
      return `${exec} conntrack -D -f ipv${op.flows.family} -p ${op.flows.protocol} --orig-port-dst ${op.flows.port}`;
    default:
      return op satisfies never;
  }
}

/** nft(8) deletes rules by their numbers only: what it has to delete is said in words. */
function printClear(exec: string, { table, what }: OpOf<"nft.clear">): string {
  const at = printTable(table);
  if ("chain" in what)
    return `${exec} nft ${word(`delete chain ${at} ${what.chain}`)}  # and the rules that lead to it`;
  if ("rulesOf" in what)
    return `${exec} nft -a list chain ${at} ${what.rulesOf}  # and delete the rules about ${what.address}`;
  const which = `${what.begins ? "comments that begin with" : "the comment"} ${JSON.stringify(what.comment)}`;
  return `${exec} nft -a list table ${at}  # and delete the rules with ${which}`;
}

function printStart(exec: string, { folder }: OpOf<"ovs.start">): string {
  const at = (file: string): string => word(`${folder}/${file}`);
  const daemon = (program: string, words: string): string =>
    `OVS_RUNDIR=${word(folder)} ${exec} ${program} ${words} --pidfile=${at(`${program}.pid`)} --detach`;
  return [
    `ovsdb-tool create ${at("conf.db")}`,
    daemon("ovsdb-server", `${at("conf.db")} --remote=punix:${at("db.sock")}`),
    `ovs-vsctl --no-wait --db=unix:${at("db.sock")} init`,
    daemon("ovs-vswitchd", `unix:${at("db.sock")}`),
  ].join(" && ");
}

function printPut({ folder, bridges, was = [], again = [] }: OpOf<"ovs.put">): string {
  const changes = switchChanges(was, bridges, ({ name }) => again.includes(name));
  return `ovs-vsctl --db=unix:${word(`${folder}/db.sock`)} ${changes.map(printSwitchChange).join(" -- ")}`;
}

function printRedirect(n: string, { dev, to }: OpOf<"redirect.add">): string {
  const filter = "protocol all prio 1 u32 match u32 0 0 action mirred egress redirect";
  return [
    `tc ${n} qdisc add dev ${word(dev)} ingress`,
    `tc ${n} filter add dev ${word(dev)} parent ffff: ${filter} dev ${word(to)}`,
  ].join(" && ");
}

function printLinkMove({ netns, name, to }: OpOf<"link.move">): string {
  const rename = to.name === name ? "" : ` name ${word(to.name)}`;
  return `ip -n ${word(netns)} link set dev ${word(name)} netns ${word(to.netns)}${rename}`;
}

/** The VLANs as they are written after `bridge vlan add dev X`. */
export function printVlan({ vid, last, pvid, untagged }: PortVlanSpec): string {
  return `vid ${vid}${last === undefined ? "" : `-${last}`}${pvid ? " pvid" : ""}${untagged ? " untagged" : ""}`;
}

function printAddr({ dev, addr: { prefix, broadcast, noDad, noPrefixRoute } }: OpOf<"addr.add">): string {
  return [
    prefix,
    ...(broadcast === undefined ? [] : [`broadcast ${broadcast}`]),
    `dev ${word(dev)}`,
    ...(noDad ? ["nodad"] : []),
    ...(noPrefixRoute ? ["noprefixroute"] : []),
  ].join(" ");
}

/** The route as it is written after `ip route replace`; `default` of IPv6 by its prefix, which says the family. */
export function printRoute(route: RouteSpec): string {
  const { dst, via, dev, src, onlink, metric, table, mtu, advmss, scope, multipath, encap, type, proto } = route;
  return [
    ...(type === undefined || type === "unicast" ? [] : [type]),
    dst === "0.0.0.0/0" ? "default" : dst,
    ...(encap === undefined ? [] : [printEncap(encap)]),
    ...(via === undefined ? [] : [printVia(dst, via)]),
    ...(dev === undefined ? [] : [`dev ${word(dev)}`]),
    ...(src === undefined ? [] : [`src ${src}`]),
    ...(metric === undefined ? [] : [`metric ${metric}`]),
    ...(table === undefined ? [] : [`table ${table}`]),
    ...(scope === undefined ? [] : [`scope ${scopes[scope] ?? scope}`]),
    ...(proto === undefined ? [] : [`proto ${proto}`]),
    ...(mtu === undefined ? [] : [`mtu ${mtu}`]),
    ...(advmss === undefined ? [] : [`advmss ${advmss}`]),
    ...(onlink ? ["onlink"] : []),
    ...(multipath ?? []).map((hop) =>
      [
        "nexthop",
        ...(hop.via === undefined ? [] : [printVia(dst, hop.via)]),
        ...(hop.dev === undefined ? [] : [`dev ${word(hop.dev)}`]),
        ...(hop.weight === undefined ? [] : [`weight ${hop.weight}`]),
        ...(onlink ? ["onlink"] : []),
      ].join(" "),
    ),
  ].join(" ");
}

/** RT_SCOPE_* as `ip` calls them without a file of its own. */
const scopes: Readonly<Record<number, string>> = { 0: "global", 200: "site", 253: "link", 254: "host", 255: "nowhere" };

function printVia(dst: RouteSpec["dst"], via: NonNullable<RouteSpec["via"]>): string {
  return familyOf(dst) === familyOf(via) ? `via ${via}` : `via ${familyOf(via) === 6 ? "inet6" : "inet"} ${via}`;
}

function printEncap({ type, dst, src, id, ttl }: EncapSpec): string {
  return [
    `encap ${type}`,
    ...(id === undefined ? [] : [`id ${id}`]),
    `dst ${dst}`,
    ...(src === undefined ? [] : [`src ${src}`]),
    ...(ttl === undefined ? [] : [`${type === "ip6" ? "hoplimit" : "ttl"} ${ttl}`]),
  ].join(" ");
}

export function printRule({ priority, table, from, to, iif, oif, mark }: RuleSpec): string {
  return [
    `priority ${priority}`,
    `from ${from ?? "all"}`,
    ...(to === undefined ? [] : [`to ${to}`]),
    ...(iif === undefined ? [] : [`iif ${word(iif)}`]),
    ...(oif === undefined ? [] : [`oif ${word(oif)}`]),
    ...(mark === undefined ? [] : [`fwmark 0x${mark.toString(16)}`]),
    `lookup ${table}`,
  ].join(" ");
}

export function printNeigh({ dev, ip, mac }: NeighSpec): string {
  return `${ip} lladdr ${mac} dev ${word(dev)}`;
}

export function printFdb({ dev, mac, dst, via }: FdbSpec): string {
  return `${mac} dev ${word(dev)} dst ${dst}${via === undefined ? "" : ` via ${word(via)}`}`;
}

/** vxlan keeps several destinations for the all-zero address and refuses to replace them (vxlan_fdb_update). */
function isAnyMac({ mac }: FdbSpec): boolean {
  return mac === "00:00:00:00:00:00";
}

export function printQdisc(qdisc: QdiscSpec): string {
  if (qdisc.kind === "tbf") {
    return `tbf rate ${bits(qdisc.rate)} burst ${qdisc.burst}b latency ${qdisc.latency}us`;
  }
  const { delay, jitter, loss, duplicate, reorder, corrupt, rate, limit } = qdisc;
  const share = (name: string, value: number | undefined) =>
    value ? [`${name} ${Number((value * 100).toFixed(6))}%`] : [];
  return [
    "netem",
    ...(limit === undefined ? [] : [`limit ${limit}`]),
    ...(delay || jitter ? [`delay ${delay ?? 0}us${jitter ? ` ${jitter}us` : ""}`] : []),
    ...share("loss", loss),
    ...share("duplicate", duplicate),
    ...share("reorder", reorder),
    ...share("corrupt", corrupt),
    ...(rate ? [`rate ${bits(rate)}`] : []),
  ].join(" ");
}

/** tc's `bit` is bits per second; ours are bytes. */
function bits(bytesPerSecond: number): string {
  return `${Math.round(bytesPerSecond * 8)}bit`;
}
