import { familyOf, isLinkLocal, networkOf, prefixIp } from "../../values/index.ts";
import type { Family, IfName, Ip, Prefix } from "../../values/index.ts";
import { outDevOf } from "../topology.ts";
import type { LanSpec, NodeSpec, Uplink } from "../topology.ts";

/** The first step of a way: out of which device, to whose address. */
export interface Hop {
  readonly dev: IfName;
  readonly via: Ip;
}

/** A way to the addresses of a LAN that a node is not on. */
export interface LanWay extends Hop {
  readonly dst: Prefix;
}

/** The shortest ways over the LANs; every node forwards. */
export interface Ways {
  /** The first step from a node to another; nothing where no way leads there, or to itself. */
  readonly toNode: (from: string, to: string, family: Family) => Hop | undefined;
  /** The ways from a node to all LANs with addresses that it has none on. */
  readonly toLans: (from: string) => readonly LanWay[];
}

type Member = Pick<NodeSpec, "name" | "uplinks">;

/** Works out ways when they are asked for, once per node and family. */
export function waysOf(nodes: readonly Member[], lans: readonly LanSpec[]): Ways {
  const onLan = new Map<string, Member[]>(lans.map(({ name }) => [name, []]));
  for (const node of nodes) for (const { lan, deaf } of node.uplinks) if (deaf !== true) onLan.get(lan)?.push(node);
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const known = new Map<string, ReadonlyMap<string, Hop>>();
  const hopsFrom = (from: string, family: Family): ReadonlyMap<string, Hop> => {
    const key = `${family} ${from}`;
    const start = byName.get(from);
    let hops = known.get(key);
    if (hops === undefined) known.set(key, (hops = start === undefined ? new Map() : search(start, onLan, family)));
    return hops;
  };
  return {
    toNode: (from, to, family) => hopsFrom(from, family).get(to),
    toLans: (from) => {
      const own = byName.get(from)?.uplinks ?? [];
      return lans.flatMap(({ name, prefixes }) =>
        prefixes.flatMap((prefix): readonly LanWay[] => {
          const family = familyOf(prefix);
          if (isLinkLocal(prefix) || own.some((uplink) => uplink.lan === name && has(uplink, family))) return [];
          // Nodes are found nearest first.
          const near = [...hopsFrom(from, family)].find(([node]) =>
            byName.get(node)?.uplinks.some((it) => it.lan === name && it.deaf !== true && has(it, family)),
          );
          return near === undefined ? [] : [{ dst: networkOf(prefix), ...near[1] }];
        }),
      );
    },
  };
}

/** Breadth first, LAN by LAN in each node's order: the hops of all nodes that are found, nearest first. */
function search(
  start: Member,
  onLan: ReadonlyMap<string, readonly Member[]>,
  family: Family,
): ReadonlyMap<string, Hop> {
  const hops = new Map<string, Hop>();
  const seen = new Set<string>();
  const queue = [start];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const uplink of at.uplinks) {
      if (seen.has(uplink.lan) || uplink.deaf === true) continue;
      seen.add(uplink.lan);
      for (const next of onLan.get(uplink.lan) ?? []) {
        if (next === start || hops.has(next.name)) continue;
        const hop = at === start ? stepTo(next, uplink, family) : hops.get(at.name);
        if (hop === undefined || (at !== start && stepTo(next, uplink, family) === undefined)) continue;
        hops.set(next.name, hop);
        queue.push(next);
      }
    }
  }
  return hops;
}

/** IPv4 goes by IPv6 next hops where there are no others (RFC 8950), not the other way round. */
function stepTo(next: Member, uplink: Uplink, family: Family): Hop | undefined {
  const there = next.uplinks.find(({ lan }) => lan === uplink.lan);
  for (const by of family === 4 ? ([4, 6] as const) : ([6] as const)) {
    const via = there?.addrs.find((addr) => familyOf(addr) === by);
    if (via !== undefined && has(uplink, by)) return { dev: outDevOf(uplink), via: prefixIp(via) };
  }
  return undefined;
}

const has = ({ addrs }: Uplink, family: Family): boolean => addrs.some((addr) => familyOf(addr) === family);
