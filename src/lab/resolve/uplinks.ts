import { parseIfName, shortIfName, stableMac } from "../../values/index.ts";
import type { Uplink } from "../topology.ts";
import type { Issues } from "./_issues.ts";
import { needsLan, takesAll } from "./driver.ts";
import { joinKindOf, joinLanOf } from "./join.ts";
import { addressesOn, lanHint } from "./lans.ts";
import type { Lan } from "./lans.ts";
import type { NetworkMembers, NodeEntry } from "./members.ts";
import type { NetworkEntry } from "./networks.ts";

/** The nodes' interfaces on the LANs, by node name: eth1, eth2, … in the order of the node's LANs, and eth1.100 for VLANs on them. */
export function uplinksOf(
  labName: string,
  nodes: readonly NodeEntry[],
  lans: readonly Lan[],
  issues: Issues,
): ReadonlyMap<string, readonly Uplink[]> {
  const byName = new Map(lans.map((lan) => [lan.name, lan]));
  return new Map(
    nodes.map((node) => {
      const own = lansOn(node, byName, issues);
      const cables = own.filter(({ vlan }) => vlan === undefined);
      return [node.name, own.flatMap((lan) => uplinkOf(labName, node, lan, cables, lans, issues))];
    }),
  );
}

/**
 * The same, where networks that are joined by l2 have them as ports of their bridges, and nodes hear nothing by those that a pod has
 * for itself. An interface is a port of one bridge, or has children of one kind.
 */
export function withPorts(
  uplinks: ReadonlyMap<string, readonly Uplink[]>,
  networks: readonly NetworkMembers[],
  lans: readonly Lan[],
  issues: Issues,
): ReadonlyMap<string, readonly Uplink[]> {
  const users = new Map<string, NetworkEntry>();
  const changes = new Map<string, Partial<Uplink>>();
  for (const { entry, members } of networks) {
    const { driver } = entry;
    const stands = needsLan(driver);
    if (joinKindOf(entry, members.length) !== "l2" && !stands) continue;
    const lan = joinLanOf(entry, "l2", members, lans)?.name;
    for (const { name, pods } of members) {
      const key = `${name}/${lan}`;
      const other = users.get(key);
      if (other !== undefined && !(stands && other.driver.kind === driver.kind)) {
        issues.add(
          [...entry.path, "join"],
          `networks ${other.name} and ${entry.name} both take the interface of node ${name} on LAN ${lan}: ${useOf(other)}, and ${useOf(entry)}`,
          "take another LAN for one of them, or VLANs on it",
        );
      }
      users.set(key, entry);
      if (!stands) changes.set(key, { bridge: entry.bridge });
      else if (takesAll(driver) && pods.length > 0) changes.set(key, { deaf: true });
    }
  }
  if (changes.size === 0) return uplinks;
  return new Map(
    [...uplinks].map(([node, own]) => [
      node,
      own.map((uplink) => ({ ...uplink, ...changes.get(`${node}/${uplink.lan}`) })),
    ]),
  );
}

/** What becomes of an interface on a LAN that a network takes. */
function useOf({ bridge, driver }: NetworkEntry): string {
  return needsLan(driver) ? `${driver.kind} on it` : `a port of ${bridge}`;
}

/** The LANs of a node, in its order. */
function lansOn({ name, lans, path }: NodeEntry, byName: ReadonlyMap<string, Lan>, issues: Issues): readonly Lan[] {
  if (lans === undefined) return [...byName.values()];
  return [...new Set(lans)].flatMap((wanted, at) => {
    const lan = byName.get(wanted);
    if (lan !== undefined) return [lan];
    const what = `node ${name} is on a LAN "${wanted}", which is not there`;
    issues.add([...path, "lans", at], what, lanHint(wanted, byName.keys()));
    return [];
  });
}

function uplinkOf(
  labName: string,
  { name, number, path, addresses }: NodeEntry,
  lan: Lan,
  cables: readonly Lan[],
  lans: readonly Lan[],
  issues: Issues,
): readonly Uplink[] {
  const { vlan } = lan;
  const at = cables.findIndex((cable) => cable.name === (vlan?.on ?? lan.name));
  if (at < 0) {
    // Of a VLAN on nothing, or on a VLAN, was told before.
    if (!lans.some((below) => below.name === vlan?.on && below.vlan === undefined)) return [];
    issues.add(
      [...path, "lans"],
      `LAN ${lan.name} is a VLAN on ${vlan?.on ?? ""}, and node ${name} is not on that`,
      `add ${vlan?.on ?? ""} to its lans`,
    );
    return [];
  }
  const cable = parseIfName(`eth${at + 1}`);
  const mac = stableMac(`${labName}/${name}/${cable}`);
  const written = addresses?.get(lan.name);
  const addrs = addressesOn(lan, { number, mac, ...(written === undefined ? {} : { written }) });
  if (vlan !== undefined) {
    const dev = parseIfName(`${cable}.${vlan.id}`);
    return [{ lan: lan.name, dev, lower: cable, mac, addrs }];
  }
  return [
    {
      lan: lan.name,
      dev: cable,
      port: shortIfName(`${name}-${cable}`),
      mac,
      addrs,
    },
  ];
}
