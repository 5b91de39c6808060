import {
  addressBits,
  familyOf,
  ipFromBigInt,
  ipToBigInt,
  makePrefix,
  overlaps,
  parsePrefix,
  prefixIp,
  prefixLength,
  shortIfName,
} from "../../values/index.ts";
import type { Prefix } from "../../values/index.ts";
import type { LabFile, Path } from "../file/index.ts";
import type { LanSpec } from "../topology.ts";
import type { Issues } from "./_issues.ts";
import type { NodeEntry } from "./members.ts";

const defaultPrefixes = [parsePrefix("192.168.1.0/24"), parsePrefix("fd00:192:168:1::/64")];

/** A LAN and where the file speaks of it. */
export interface Lan extends LanSpec {
  readonly path: Path;
  readonly mtuPath: Path;
}

/** The LANs; without any in the file, one where nodes are joined. */
export function lansOf(
  { spec }: LabFile,
  joined: boolean,
  nodes: readonly NodeEntry[],
  issues: Issues,
): readonly Lan[] {
  const { underlay } = spec;
  const lans: Lan[] = [];
  if (underlay.lans !== undefined) {
    underlay.lans.forEach(({ name, prefixes = [], mtu, vlan: id, on }, at) => {
      const path = ["underlay", "lans", at];
      const mtuPath = mtu === undefined ? ["underlay", "mtu"] : [...path, "mtu"];
      const lan = lanOf(name, prefixes, mtu ?? underlay.mtu, [...path, "prefixes"], mtuPath);
      lans.push(id === undefined || on === undefined ? lan : { ...lan, vlan: { id, on } });
    });
    checkVlans(lans, issues);
    for (const [at, lan] of lans.entries()) {
      const below = lans.find(({ name }) => name === lan.vlan?.on);
      if (below !== undefined) lans[at] = { ...lan, bridge: below.bridge };
    }
  } else if (underlay.prefixes !== undefined || joined) {
    const prefixes = underlay.prefixes ?? defaultPrefixes;
    lans.push(lanOf("lan1", prefixes, underlay.mtu, ["underlay", "prefixes"], ["underlay", "mtu"]));
  }
  for (const lan of lans) checkLan(lan, nodes, issues);
  checkEachOther(lans, issues);
  return lans;
}

/** Whether a node is on a LAN. */
export function isOnLan({ lans }: NodeEntry, { name }: Lan): boolean {
  return lans?.includes(name) ?? true;
}

/** A node's addresses on a LAN: its number is the host part, where it has room. */
export function addressesOn({ prefixes }: LanSpec, number: number): readonly Prefix[] {
  return prefixes
    .filter((prefix) => BigInt(number) <= roomIn(prefix))
    .map((prefix) => {
      const ip = prefixIp(prefix);
      return makePrefix(ipFromBigInt(familyOf(ip), ipToBigInt(ip) + BigInt(number)), prefixLength(prefix));
    });
}

function lanOf(name: string, prefixes: Prefix | readonly Prefix[], mtu: number, path: Path, mtuPath: Path): Lan {
  const list = typeof prefixes === "string" ? [prefixes] : prefixes;
  return { name, bridge: shortIfName(`br-${name}`), mtu, prefixes: list, path, mtuPath };
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
    const room = roomIn(prefix);
    const outside = nodes
      .filter((node) => isOnLan(node, lan))
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
function roomIn(prefix: Prefix): bigint {
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
      const other = before.find((seen) => overlaps(seen.prefix, prefix));
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
