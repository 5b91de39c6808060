import { familyOf, isLinkLocal, parseIfName, parseVni, stableMac } from "../../values/index.ts";
import type { JoinKind, Path } from "../file/index.ts";
import { joinRuleOf } from "../driver/index.ts";
import { ipOf, joins, overheadOf, uplinkOn } from "../join/index.ts";
import type { JoinSpec, Mtus, MtuSpec, NodeSpec, Vtep } from "../topology.ts";
import type { Issues } from "./_issues.ts";
import { usualJoin } from "./driver.ts";
import { isOnLan, lanHint } from "./lans.ts";
import type { Lan } from "./lans.ts";
import type { NodeMember } from "./members.ts";
import type { NetworkEntry } from "./networks.ts";

/** What the schema fills in where join is written as an object. */
const vxlanDefaults = { over: undefined, vni: parseVni(1), port: 4789, external: false } as const;
/** As xcluster calls it. */
const ip6tnlDev = parseIfName("ip6tnl6");
/** RFC 791 and RFC 8200 section 5: what every link must carry. */
const leastMtu = { 4: 68, 6: 1280 } as const;

/** How the nodes are joined: as the file says, else as is usual. */
export function joinKindOf({ join, driver }: NetworkEntry, nodeCount: number): JoinKind {
  if (join === undefined) return usualJoin(driver, nodeCount);
  return typeof join === "string" ? join : join.kind;
}

/** The LAN that a network's nodes are joined over: the one that it names, else the first that all of them are on. */
export function joinLanOf(
  entry: NetworkEntry,
  kind: JoinKind,
  members: readonly NodeMember[],
  lans: readonly Lan[],
): Lan | undefined {
  const wanted = wantedLan(entry);
  if (wanted !== undefined) return lans.find(({ name }) => name === wanted);
  const common = lans.filter((lan) => members.every((member) => isOnLan(member, lan)));
  return (kind === "l2" ? undefined : common.find(({ prefixes }) => prefixes.length > 0)) ?? common[0] ?? lans[0];
}

function wantedLan({ join, driver }: NetworkEntry): string | undefined {
  const stands = "lan" in driver ? driver.lan : undefined;
  return typeof join === "object" && "lan" in join ? (join.lan ?? stands) : stands;
}

/** Whether nodes that know each other's pods by their nets have nets and addresses of their own. */
function checkCommonNet(
  { addresses, addressesPath, driver, ...entry }: NetworkEntry,
  kind: JoinKind,
  members: readonly NodeMember[],
  issues: Issues,
): void {
  if (kind === "l2" || driver.kind === "cni") return;
  if (addresses.shuffle !== undefined && members.length > 1) {
    issues.add(
      [...addressesPath, "shuffle"],
      `numbers of a shuffled list are all in one net, so ${describe(entry)} cannot be joined by ${kind}: it needs a net of each node`,
      "join by l2 or none, or leave shuffle out",
    );
  } else if (addresses.net !== undefined && members.length > 1) {
    issues.add(
      [...addressesPath, "net"],
      `all nodes of ${describe(entry)} have net ${addresses.net}, so they cannot be joined by ${kind}: it needs a net of each`,
      "join by l2 or none, or leave net out",
    );
  }
  if (addresses.gatewayHost === "none") {
    issues.add(
      [...addressesPath, "gatewayHost"],
      `pods without a gateway do not leave their node, so ${describe(entry)} cannot be joined by ${kind}`,
      "join by l2 or none, or give a gateway number",
    );
  }
}

const describe = ({ name, path }: Pick<NetworkEntry, "name" | "path">): string =>
  path[0] === "networks" ? `network ${name}` : "the network";

/** The join, still without the nodes' ends; undefined when it has no LAN that can carry it. */
export function joinOf(
  entry: NetworkEntry,
  kind: JoinKind,
  members: readonly NodeMember[],
  lans: readonly Lan[],
  families: readonly (4 | 6)[],
  issues: Issues,
): JoinSpec | undefined {
  const given = typeof entry.join === "object" ? entry.join : undefined;
  const path = [...entry.path, "join"];
  if (kind === "none") return { kind };
  checkCommonNet(entry, kind, members, issues);
  const wanted = wantedLan(entry);
  const lan = joinLanOf(entry, kind, members, lans);
  if (lan === undefined) {
    const names = lans.map(({ name }) => name);
    issues.add([...path, "lan"], `there is no LAN "${wanted ?? ""}"`, lanHint(wanted ?? "", names));
    return undefined;
  }
  const outside = members.find((member) => !isOnLan(member, lan));
  if (outside !== undefined) {
    if (kind === "routes" && wanted === undefined) return { kind };
    issues.addAtFirst(
      [[...path, "lan"], path, [...outside.path, "lans"], entry.path],
      `the nodes of ${describe(entry)} are joined by ${kind} over LAN ${lan.name}, and node ${outside.name} is not on it`,
      `add ${lan.name} to its lans, name another LAN, or join by routes, which go over several LANs`,
    );
    return undefined;
  }
  for (const family of families) {
    const reason = joins[kind].refuses(lan, family);
    const others =
      lan.prefixes.length > 0 && joinRuleOf(entry.driver) === undefined ? ", or join the nodes by vxlan" : "";
    if (reason !== undefined) issues.add(lan.path, reason, `add an IPv${family} prefix${others}`);
  }
  if (kind === "ip6tnl") return ip6tnlOver(path, lan, given?.kind === kind ? given.external : undefined, issues);
  if (kind !== "vxlan") return { kind, lan: lan.name };
  const { over, vni, port, external } = given?.kind === kind ? given : vxlanDefaults;
  const has = (family: 4 | 6): boolean => lan.prefixes.some((prefix) => familyOf(prefix) === family);
  const underlay = over === undefined ? (has(6) ? 6 : 4) : over === "ipv6" ? 6 : 4;
  if (lan.prefixes.length === 0) {
    issues.add(
      lan.path,
      `LAN ${lan.name} has no addresses to send vxlan between`,
      "add a prefix, or link-local, to it",
    );
  } else if (!has(underlay)) {
    issues.add(
      [...path, "over"],
      `LAN ${lan.name} has no IPv${underlay} prefix to send vxlan over`,
      `add one to the LAN, or write over: ipv${underlay === 6 ? 4 : 6}`,
    );
  }
  if (external && underlay === 6 && hasLinkLocal(lan)) {
    issues.add([...path, "external"], noLinkInRoutes(lan), "leave it out: the classic device names its link");
  }
  const dev = parseIfName(`vxlan${vni}`);
  return { kind, lan: lan.name, external, vni, port, dev, underlay, vteps: new Map() };
}

function ip6tnlOver(path: Path, lan: Lan, wanted: boolean | undefined, issues: Issues): JoinSpec {
  const linkLocal = hasLinkLocal(lan);
  if (!lan.prefixes.some((prefix) => familyOf(prefix) === 6)) {
    issues.add(
      lan.path,
      `LAN ${lan.name} has no IPv6 addresses for the ends of ip6tnl`,
      "add a prefix or link-local to it, or join the nodes by vxlan",
    );
  }
  if (wanted === true && linkLocal) {
    issues.add([...path, "external"], noLinkInRoutes(lan), "leave it out: then there is a device for each other node");
  }
  return { kind: "ip6tnl", lan: lan.name, external: wanted ?? !linkLocal, ends: new Map() };
}

const hasLinkLocal = ({ prefixes }: Lan): boolean => prefixes.some(isLinkLocal);

const noLinkInRoutes = ({ name }: Lan): string =>
  `LAN ${name} has link-local addresses, and a route cannot say on which link the tunnel's other end is`;

/** The join with each node's end of it. */
export function withEnds(labName: string, join: JoinSpec, nodes: readonly NodeSpec[]): JoinSpec {
  if (join.kind === "ip6tnl") {
    const ends = nodes.flatMap((node) => {
      const ip = ipOf(uplinkOn(node, join.lan).addrs, 6);
      const dev = join.external ? ip6tnlDev : parseIfName(`tl-${node.number}`);
      return ip === undefined ? [] : [[node.name, { ip, dev }] as const];
    });
    return { ...join, ends: new Map(ends) };
  }
  if (join.kind !== "vxlan") return join;
  const vteps = new Map<string, Vtep>();
  for (const node of nodes) {
    const ip = ipOf(uplinkOn(node, join.lan).addrs, join.underlay);
    if (ip !== undefined) vteps.set(node.name, { mac: stableMac(`${labName}/${node.name}/${join.dev}`), ip });
  }
  return { ...join, vteps };
}

/** What pods may send, per family. */
export function mtusOf(join: JoinSpec, lans: readonly Lan[], families: readonly (4 | 6)[], issues: Issues): Mtus {
  const lan = lanOfPods(join, lans);
  if (lan === undefined) return mtusFor(families, { bytes: 1500, because: "1500 Ethernet, no underlay" });
  const overhead = overheadOf(join);
  const bytes = lan.mtu - (overhead?.bytes ?? 0);
  const because = `${lan.mtu} underlay${overhead === undefined ? "" : ` - ${overhead.bytes} ${overhead.what}`}`;
  for (const family of families) {
    if (bytes >= leastMtu[family]) continue;
    const least = leastMtu[family] + (overhead?.bytes ?? 0);
    issues.add(
      lan.mtuPath,
      `MTU ${bytes} for the pods (${because}) is too small for IPv${family}`,
      `IPv${family} needs ${leastMtu[family]}: give LAN ${lan.name} an MTU of ${least} or more`,
    );
  }
  return mtusFor(families, { bytes, because });
}

/** The LAN that limits what pods may send: that of the join, or the narrowest of those that routes may take. */
function lanOfPods(join: JoinSpec, lans: readonly Lan[]): Lan | undefined {
  if (join.kind === "none") return lans[0];
  if (join.lan !== undefined) return lans.find(({ name }) => name === join.lan);
  return lans.filter(({ prefixes }) => prefixes.length > 0).toSorted((a, b) => a.mtu - b.mtu)[0];
}

function mtusFor(families: readonly (4 | 6)[], mtu: MtuSpec): Mtus {
  return { ...(families.includes(4) ? { ipv4: mtu } : {}), ...(families.includes(6) ? { ipv6: mtu } : {}) };
}
