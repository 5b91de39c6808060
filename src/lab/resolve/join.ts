import { familyOf, isLinkLocal, parseIfName, parseVni, stableMac } from "../../values/index.ts";
import { nearest } from "../file/index.ts";
import type { JoinKind, LabFile } from "../file/index.ts";
import { ipOf, joins, overheadOf, uplinkOn } from "../join/index.ts";
import type { JoinSpec, Mtus, MtuSpec, NodeSpec, Vtep } from "../topology.ts";
import type { Issues } from "./_issues.ts";
import { usualJoin } from "./driver.ts";
import type { Lan } from "./lans.ts";

const path = ["network", "join"] as const;
/** What the schema fills in where join is written as an object. */
const vxlanDefaults = { over: undefined, vni: parseVni(1), port: 4789, external: false } as const;
/** As xcluster calls it. */
const ip6tnlDev = parseIfName("ip6tnl6");
/** RFC 791 and RFC 8200 section 5: what every link must carry. */
const leastMtu = { 4: 68, 6: 1280 } as const;

/** How the nodes are joined: as the file says, else as is usual. */
export function joinKindOf({ spec }: LabFile, nodeCount: number): JoinKind {
  const { join, driver } = spec.network;
  if (join === undefined) return usualJoin(driver, nodeCount);
  return typeof join === "string" ? join : join.kind;
}

/** The join, still without the nodes' ends; undefined when it has no LAN that can carry it. */
export function joinOf(
  { spec }: LabFile,
  kind: JoinKind,
  lans: readonly Lan[],
  families: readonly (4 | 6)[],
  issues: Issues,
): JoinSpec | undefined {
  const given = typeof spec.network.join === "object" ? spec.network.join : undefined;
  if (kind === "none") return { kind };
  const { driver } = spec.network;
  const stands = "lan" in driver ? driver.lan : undefined;
  const wanted = given !== undefined && "lan" in given ? (given.lan ?? stands) : stands;
  const lan = wanted === undefined ? lans[0] : lans.find(({ name }) => name === wanted);
  if (lan === undefined) {
    const names = lans.map(({ name }) => name);
    const guess = nearest(wanted ?? "", names);
    issues.add(
      [...path, "lan"],
      `there is no LAN "${wanted ?? ""}"`,
      guess === undefined ? `the LANs are ${names.join(", ")}` : `did you mean "${guess}"?`,
    );
    return undefined;
  }
  for (const family of families) {
    const reason = joins[kind].refuses(lan, family);
    if (reason !== undefined) issues.add(lan.path, reason, `add an IPv${family} prefix, or join the nodes by vxlan`);
  }
  if (kind === "ip6tnl") return ip6tnlOver(lan, given?.kind === kind ? given.external : undefined, issues);
  if (kind !== "vxlan") return { kind, lan: lan.name };
  const { over, vni, port, external } = given?.kind === kind ? given : vxlanDefaults;
  const has = (family: 4 | 6): boolean => lan.prefixes.some((prefix) => familyOf(prefix) === family);
  const underlay = over === undefined ? (has(6) ? 6 : 4) : over === "ipv6" ? 6 : 4;
  if (!has(underlay)) {
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

function ip6tnlOver(lan: Lan, wanted: boolean | undefined, issues: Issues): JoinSpec {
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
export function withEnds(lab: LabFile, join: JoinSpec, nodes: readonly NodeSpec[]): JoinSpec {
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
    if (ip !== undefined) vteps.set(node.name, { mac: stableMac(`${lab.spec.name}/${node.name}/${join.dev}`), ip });
  }
  return { ...join, vteps };
}

/** What pods may send, per family. */
export function mtusOf(join: JoinSpec, lans: readonly Lan[], families: readonly (4 | 6)[], issues: Issues): Mtus {
  const lan = join.kind === "none" ? lans[0] : lans.find(({ name }) => name === join.lan);
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

function mtusFor(families: readonly (4 | 6)[], mtu: MtuSpec): Mtus {
  return { ...(families.includes(4) ? { ipv4: mtu } : {}), ...(families.includes(6) ? { ipv6: mtu } : {}) };
}
