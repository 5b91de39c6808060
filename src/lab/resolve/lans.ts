import {
  addressBits,
  contains,
  eui64Ip,
  familyOf,
  ipFromBigInt,
  ipToBigInt,
  isLinkLocal,
  makePrefix,
  nearest,
  overlaps,
  parsePrefix,
  prefixIp,
  prefixLength,
  shortIfName,
} from "../../values/index.ts";
import type { Ip, Mac, Prefix } from "../../values/index.ts";
import type { LabFile, Path } from "../file/index.ts";
import type { LanSpec } from "../topology.ts";
import type { Issues } from "./_issues.ts";
import type { NodeEntry } from "./members.ts";

const defaultPrefixes = [parsePrefix("192.168.1.0/24"), parsePrefix("fd00:192:168:1::/64")];

/** A LAN and where the file speaks of it. */
export interface Lan extends LanSpec {
  /** What host parts of IPv6 addresses are made of. */
  readonly hosts: "number" | "eui64";
  readonly path: Path;
  readonly mtuPath: Path;
}

/** The LANs; where the file says nothing of any, one if nodes are joined. */
export function lansOf(
  { spec, input }: LabFile,
  joined: boolean,
  nodes: readonly NodeEntry[],
  issues: Issues,
): readonly Lan[] {
  const { underlay } = spec;
  const lans: Lan[] = [];
  if (underlay.lans !== undefined) {
    underlay.lans.forEach(({ name, prefixes = [], hosts = underlay.hosts, mtu, vlan: id, on }, at) => {
      const path = ["underlay", "lans", at];
      const mtuPath = mtu === undefined ? ["underlay", "mtu"] : [...path, "mtu"];
      const lan = lanOf({ name, prefixes, hosts, mtu: mtu ?? underlay.mtu, path: [...path, "prefixes"], mtuPath });
      lans.push(id === undefined || on === undefined ? lan : { ...lan, vlan: { id, on } });
    });
    checkVlans(lans, issues);
    for (const [at, lan] of lans.entries()) {
      const below = lans.find(({ name }) => name === lan.vlan?.on);
      if (below !== undefined) lans[at] = { ...lan, bridge: below.bridge };
    }
  } else if (input.underlay !== undefined || joined) {
    const prefixes = underlay.prefixes ?? defaultPrefixes;
    const { hosts, mtu } = underlay;
    lans.push(
      lanOf({ name: "lan1", prefixes, hosts, mtu, path: ["underlay", "prefixes"], mtuPath: ["underlay", "mtu"] }),
    );
  }
  for (const lan of lans) checkLan(lan, nodes, issues);
  checkEachOther(lans, issues);
  return lans;
}

/** What to do about a LAN that is not there. */
export function lanHint(wanted: string, lans: Iterable<string>): string {
  const names = [...lans];
  if (names.length === 0) return "the lab has none; give it an underlay";
  const guess = nearest(wanted, names);
  return guess === undefined ? `the LANs are ${names.join(", ")}` : `did you mean "${guess}"?`;
}

/** Whether a node is on a LAN. */
export function isOnLan({ lans }: NodeEntry, { name }: Lan): boolean {
  return lans?.includes(name) ?? true;
}

/** Who has addresses on a LAN. */
export interface Station {
  readonly number: number;
  readonly mac: Mac;
  /** Those that are written: each takes the place of the one that its prefix would give. */
  readonly written?: readonly Ip[];
}

/** A station's addresses on a LAN: in each prefix the one that is written, else by its MAC address or number, where that has room. */
export function addressesOn(lan: Lan, { number, mac, written = [] }: Station): readonly Prefix[] {
  return lan.prefixes.flatMap((prefix) => {
    const ip = written.find((each) => contains(prefix, each)) ?? madeIn(lan, prefix, number, mac);
    return ip === undefined ? [] : [makePrefix(ip, prefixLength(prefix))];
  });
}

function madeIn(lan: Lan, prefix: Prefix, number: number, mac: Mac): Ip | undefined {
  if (isByMac(lan, prefix)) return eui64Ip(prefix, mac);
  if (BigInt(number) > roomIn(prefix)) return undefined;
  return ipFromBigInt(familyOf(prefix), ipToBigInt(prefixIp(prefix)) + BigInt(number));
}

/** Whether host parts are made of MAC addresses, as those of link-local addresses always are. */
function isByMac({ hosts }: Lan, prefix: Prefix): boolean {
  return isLinkLocal(prefix) || (hosts === "eui64" && familyOf(prefix) === 6);
}

function lanOf({
  prefixes,
  ...lan
}: Omit<Lan, "bridge" | "prefixes"> & { readonly prefixes: Prefix | readonly Prefix[] }): Lan {
  const list = typeof prefixes === "string" ? [prefixes] : prefixes;
  return { ...lan, bridge: shortIfName(`br-${lan.name}`), prefixes: list };
}

function checkLan(lan: Lan, nodes: readonly NodeEntry[], issues: Issues): void {
  const families = new Set<number>();
  for (const prefix of lan.prefixes) {
    const family = familyOf(prefix);
    if (families.has(family)) {
      issues.add(
        lan.path,
        `LAN ${lan.name} has two IPv${family} prefixes`,
        "one per family; make another LAN of the second",
      );
    }
    families.add(family);
    if (isByMac(lan, prefix)) {
      if (prefixLength(prefix) > 64)
        issues.add(
          lan.path,
          `${prefix} of LAN ${lan.name} leaves no 64 bits for addresses made of MAC addresses`,
          "take a /64, or hosts: number",
        );
      continue;
    }
    const room = roomIn(prefix);
    const isWritten = ({ addresses }: NodeEntry): boolean =>
      addresses?.get(lan.name)?.some((ip) => contains(prefix, ip)) === true;
    const outside = nodes
      .filter((node) => isOnLan(node, lan) && !isWritten(node))
      .find(({ number }) => number < 1 || BigInt(number) > room);
    if (outside !== undefined) {
      issues.addAtFirst(
        [lan.path, outside.path],
        `LAN ${lan.name} ${prefix} has addresses for nodes 1 to ${room}, and ${outside.name} is number ${outside.number}`,
        outside.number < 1 ? "number nodes from 1" : "take a shorter prefix length",
      );
    }
  }
  if (families.has(6) && lan.mtu < 1280) {
    issues.add(
      lan.mtuPath,
      `MTU ${lan.mtu} is too small for IPv6 on LAN ${lan.name}`,
      "IPv6 needs 1280 (RFC 8200 section 5)",
    );
  }
}

/** A VLAN is on a LAN that is none, and its number is its own there. */
function checkVlans(lans: readonly Lan[], issues: Issues): void {
  const taken = new Map<string, string>();
  for (const { name, vlan, mtu, path, mtuPath } of lans) {
    if (vlan === undefined) continue;
    const at = path.slice(0, -1);
    const { id, on } = vlan;
    const below = lans.find((lan) => lan.name === on);
    if (below === undefined || below.vlan !== undefined) {
      const names = lans.filter((lan) => lan.vlan === undefined).map((lan) => lan.name);
      const what = below === undefined ? "there is no such LAN" : "which is a VLAN itself";
      issues.add([...at, "on"], `VLAN ${name} is on "${on}": ${what}`, `the LANs are ${names.join(", ")}`);
      continue;
    }
    if (mtu > below.mtu) {
      issues.add(mtuPath, `MTU ${mtu} of VLAN ${name} is more than the ${below.mtu} of ${on}`, `give ${on} as much`);
    }
    const key = `${on}/${id}`;
    const other = taken.get(key);
    if (other !== undefined)
      issues.add([...at, "vlan"], `VLAN ${id} of ${on} is ${other} already`, "take another number");
    taken.set(key, name);
  }
}

/** The highest host part that is an ordinary address. */
export function roomIn(prefix: Prefix): bigint {
  const bits = addressBits(familyOf(prefix)) - prefixLength(prefix);
  const size = 1n << BigInt(bits);
  return familyOf(prefix) === 4 && bits > 1 ? size - 2n : size - 1n;
}

function checkEachOther(lans: readonly Lan[], issues: Issues): void {
  const names = new Set<string>();
  const before: { readonly lan: Lan; readonly prefix: Prefix }[] = [];
  for (const lan of lans) {
    if (names.has(lan.name))
      issues.add(lan.path.slice(0, -1), `two LANs are named "${lan.name}"`, "give one another name");
    names.add(lan.name);
    for (const prefix of lan.prefixes) {
      const other = before.find((seen) => !isLinkLocal(prefix) && overlaps(seen.prefix, prefix));
      if (other !== undefined) {
        issues.add(
          lan.path,
          `${prefix} of LAN ${lan.name} overlaps ${other.prefix} of LAN ${other.lan.name}`,
          "give each LAN a prefix of its own",
        );
      }
    }
    for (const prefix of lan.prefixes) before.push({ lan, prefix });
  }
}
