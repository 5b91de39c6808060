import { familyOf, networkOf } from "../../values/index.ts";
import type { IfName, Prefix } from "../../values/index.ts";
import type { AddrFact } from "../facts.ts";
import type { AddrSpec, NetnsName } from "../net.ts";
import { routeSpecOf } from "../_route.ts";
import type { Order } from "../order.ts";
import type { Doomed } from "./_doomed.ts";
import { type Present, type PresentLink, addrSpecOf } from "./_present.ts";
import { LOOPBACK, type Place } from "./_scene.ts";

const none: readonly AddrSpec[] = [];

/** The addresses wished on a device; loopback's own are the kernel's. */
function wishedOn({ wish, links }: Place, dev: IfName): readonly AddrSpec[] {
  return (dev === LOOPBACK ? wish.loopback?.addrs : links.get(dev)?.addrs) ?? none;
}

/** Deletes the addresses that nobody wished, on links that stay. */
export function deleteAddrs(place: Place, doomed: ReadonlyMap<IfName, Doomed> | undefined, order: Order): void {
  const { name: netns } = place.wish;
  for (const [dev, link] of place.present.links) {
    if (link.addrs.length === 0 || doomed?.has(dev)) continue;
    if (dev !== LOOPBACK && !place.links.has(dev)) continue;
    const wished = new Set(wishedOn(place, dev).map(({ prefix }) => prefix));
    const extra = link.addrs.filter(({ prefix, fromKernel }) => !fromKernel && !wished.has(prefix));
    for (const fact of withSecondaries(link, extra)) deleteAddr(netns, place.present, dev, fact, order);
  }
}

function deleteAddr(netns: NetnsName, present: Present, dev: IfName, fact: AddrFact, order: Order): void {
  const addr = addrSpecOf(fact);
  // The kernel would keep them but not take them again without the address, so undoing needs them gone first.
  for (const route of present.takeRoutesOver(dev, addr)) {
    order.wide("routesGone", { do: "route.delete", netns, route: routeSpecOf(route) });
  }
  const lost = present.loseAddr(dev, addr);
  order.wide("addrsGone", { do: "addr.delete", netns, dev, addr, ...(lost.length > 0 && { lost }) });
}

/**
 * With the first IPv4 address of a subnet the kernel deletes the later ones of the subnet, unless
 * `promote_secondaries` is set (`__inet_del_ifa`): they are deleted by name before it, the last one first, and come
 * again when they are wished.
 */
function withSecondaries({ addrs }: PresentLink, extra: readonly AddrFact[]): AddrFact[] {
  if (extra.length === 0) return [];
  const going = new Set(extra);
  const shaken = new Set<Prefix>();
  for (const addr of addrs) {
    if (familyOf(addr.prefix) !== 4) continue;
    const subnet = networkOf(addr.prefix);
    if (shaken.has(subnet) && !addr.fromKernel) going.add(addr);
    if (going.has(addr)) shaken.add(subnet);
  }
  return addrs.filter((addr) => going.has(addr)).reverse();
}

/** Adds the addresses that are not there. */
export function addAddrs(place: Place, order: Order): void {
  const { wish, present } = place;
  const devs = [...(wish.loopback?.addrs ? [LOOPBACK] : []), ...wish.links.map(({ spec }) => spec.name)];
  for (const dev of devs) {
    const wished = wishedOn(place, dev);
    if (wished.length === 0) continue;
    let lost = wished.some(({ prefix }) => familyOf(prefix) === 4) ? present.lostByLastAddr(dev) : [];
    const there = new Set(present.links.get(dev)?.addrs.map(({ prefix }) => prefix));
    for (const addr of wished) {
      if (there.has(addr.prefix)) continue;
      there.add(addr.prefix);
      const first = lost.length > 0 && familyOf(addr.prefix) === 4;
      order.inGroup("addrs", { do: "addr.add", netns: wish.name, dev, addr, ...(first && { lost }) });
      if (first) lost = [];
    }
  }
}
