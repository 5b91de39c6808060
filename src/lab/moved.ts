import type { Facts, Op, Wish } from "../change/index.ts";
import { type Ip, type Mac, isLinkLocal, prefixIp } from "../values/index.ts";

/**
 * The ops that forget who had the addresses that others have now: who learnt it would go on sending there until the kernel asks
 * again, which takes up to a minute.
 */
export function forgetOps(wish: Wish, facts: Facts): readonly Op[] {
  const before = holdersNow(facts);
  if (before.size === 0) return [];
  const ips = movedOf(before, wish);
  if (ips.length === 0) return [];
  return wish.namespaces
    .filter(({ name }) => facts.has(name))
    .map(({ name: netns }): Op => ({ do: "neigh.forget", netns, ips }));
}

/** Who answers for an address; several where segments are apart. */
function holdersNow(facts: Facts): ReadonlyMap<Ip, ReadonlySet<Mac>> {
  const holders = new Map<Ip, Set<Mac>>();
  for (const { links } of facts.values()) {
    for (const { mac, addrs } of links) {
      if (mac === undefined) continue;
      for (const { prefix } of addrs) {
        if (isLinkLocal(prefix)) continue;
        const ip = prefixIp(prefix);
        const macs = holders.get(ip);
        if (macs === undefined) holders.set(ip, new Set([mac]));
        else macs.add(mac);
      }
    }
  }
  return holders;
}

function movedOf(before: ReadonlyMap<Ip, ReadonlySet<Mac>>, { namespaces }: Wish): readonly Ip[] {
  const moved = new Set<Ip>();
  for (const { links } of namespaces) {
    for (const { spec, addrs = [] } of links) {
      const { mac } = spec;
      if (mac === undefined) continue;
      for (const { prefix } of addrs) {
        const ip = prefixIp(prefix);
        if (before.get(ip)?.has(mac) === false) moved.add(ip);
      }
    }
  }
  return [...moved];
}
