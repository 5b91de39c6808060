import { contains, familyOf, macFromBytes, networkOf, prefixIp } from "../../values/index.ts";
import type { Family, IfName, Ip } from "../../values/index.ts";
import { type AddrFact, type LinkFact, type NetnsFacts, type RouteFact, permanentNeighs } from "../facts.ts";
import type { AddrSpec, FdbSpec, NeighSpec, NetnsName, NextHop, QdiscSpec, RuleSpec } from "../net.ts";
import type { Op } from "../op.ts";
import { portSettings } from "./_link-spec.ts";
import { devsOfRoute, isOwnRoute, routeSpecOf } from "../_route.ts";
import { DevTable } from "./_table.ts";

/** A link and what stands on it, at some point of the run that is being planned. */
export interface PresentLink {
  fact: LinkFact;
  addrs: AddrFact[];
  qdisc: QdiscSpec | undefined;
}

/**
 * One namespace as it will be while the planned ops run: deleting something takes along what the kernel takes along,
 * and answers the ops that would make that again.
 */
export class Present {
  readonly netns: NetnsName;
  readonly sysctls: Readonly<Record<string, string>>;
  readonly links: Map<IfName, PresentLink>;
  readonly routes: DevTable<RouteFact>;
  readonly neighs: DevTable<NeighSpec>;
  readonly fdb: DevTable<FdbSpec>;
  readonly rules: readonly RuleSpec[];

  constructor(facts: NetnsFacts) {
    this.netns = facts.name;
    this.sysctls = facts.sysctls;
    this.rules = facts.rules;
    this.links = new Map(
      facts.links.map((fact) => [
        fact.name,
        { fact, addrs: [...fact.addrs], qdisc: fact.qdisc?.kind === "other" ? undefined : fact.qdisc },
      ]),
    );
    this.routes = new DevTable(
      facts.routes.map((route, i) => [String(i), route]),
      devsOfRoute,
    );
    this.neighs = new DevTable(
      permanentNeighs(facts).map((neigh) => [neighKey(neigh), neigh]),
      ({ dev }) => [dev],
    );
    this.fdb = new DevTable(
      facts.fdb.map((fdb) => [fdbKey(fdb), fdb]),
      ({ dev }) => [dev],
    );
  }

  /** The link goes: all that stands on it goes too, its ports become free. `raise` when making it again leaves it down. */
  loseLink(name: IfName, raise: boolean): Op[] {
    const link = this.links.get(name);
    if (link === undefined) return [];
    this.links.delete(name);
    const { netns } = this;
    const { up } = link.fact;
    return [
      ...this.#addrsBack(name, link.addrs),
      ...(raise && up ? [{ do: "link.set", netns, name, set: { up }, was: { up: false } } as const] : []),
      ...this.#loseOn(name),
      ...this.#loseSources(link.addrs),
      ...this.fdb.take(name, (fdb) => !isDeviceOwn(link.fact, fdb)).map((fdb): Op => ({ do: "fdb.put", netns, fdb })),
      ...(link.qdisc ? [{ do: "qdisc.put", netns, dev: name, qdisc: link.qdisc } as const] : []),
      ...(link.fact.kind === "bridge" || link.fact.kind === "vrf" ? this.#freePorts(name) : []),
    ];
  }

  /** The link goes down: it loses its IPv6 addresses, routes and neighbours. */
  loseUp(name: IfName): Op[] {
    const link = this.links.get(name);
    if (link === undefined) return [];
    const lost = link.addrs.filter(({ prefix }) => familyOf(prefix) === 6);
    link.addrs = link.addrs.filter(({ prefix }) => familyOf(prefix) === 4);
    return [...this.#addrsBack(name, lost), ...this.#loseOn(name), ...this.#loseSources(lost)];
  }

  /** What a link without IPv4 address would lose if it was given one and lost it again. */
  lostByLastAddr(name: IfName): Op[] {
    const link = this.links.get(name);
    if (link === undefined || link.addrs.some(({ prefix }) => familyOf(prefix) === 4)) return [];
    const routes = this.routes.on(name).filter(({ dst }) => familyOf(dst) === 4);
    const neighs = this.neighs.on(name).filter(({ ip }) => familyOf(ip) === 4);
    return [...this.#asPuts(routes), ...neighs.map((neigh): Op => ({ do: "neigh.put", netns: this.netns, neigh }))];
  }

  /** Takes away the routes that need the address to reach their gateway. */
  takeRoutesOver(dev: IfName, { prefix }: AddrSpec): RouteFact[] {
    const over = ({ via }: NextHop) => via !== undefined && contains(networkOf(prefix), via);
    return this.routes.take(
      dev,
      (route) => isOwnRoute(route) && !route.onlink && (over(route) || (route.multipath ?? []).some(over)),
    );
  }

  /** What a link that is down would lose if it came up and went down again. */
  lostByDown(name: IfName): Op[] {
    const six = (this.links.get(name)?.addrs ?? []).filter(({ prefix }) => familyOf(prefix) === 6);
    const neighs = this.neighs.on(name).map((neigh): Op => ({ do: "neigh.put", netns: this.netns, neigh }));
    return [...this.#addrsBack(name, six), ...neighs];
  }

  /** The link gets another hardware address: neighbours are forgotten, the permanent ones too. */
  loseMac(name: IfName): Op[] {
    return this.#neighsBack(name);
  }

  /**
   * An address goes: with the last IPv4 one all IPv4 routes and neighbours of the link, before that routes that
   * prefer it as source (IPv6 routes stay but lose their source).
   */
  loseAddr(dev: IfName, addr: AddrSpec): Op[] {
    const link = this.links.get(dev);
    if (link === undefined) return [];
    link.addrs = link.addrs.filter(({ prefix }) => prefix !== addr.prefix);
    const family = familyOf(addr.prefix);
    const bare = family === 4 && !link.addrs.some(({ prefix }) => familyOf(prefix) === 4);
    return [...this.#loseSources([addr]), ...(bare ? this.#loseOn(dev, 4) : [])];
  }

  /** Routes over other links that prefer one of the addresses. */
  #loseSources(addrs: readonly AddrSpec[]): Op[] {
    if (addrs.length === 0) return [];
    const ips = new Set(addrs.map(({ prefix }) => prefixIp(prefix)));
    return this.#asPuts(this.routes.takeAll(({ src }) => src !== undefined && ips.has(src)));
  }

  #loseOn(dev: IfName, family?: Family): Op[] {
    const routes = this.routes.take(dev, ({ dst }) => family === undefined || familyOf(dst) === family);
    return [...this.#asPuts(routes), ...this.#neighsBack(dev, family)];
  }

  #asPuts(routes: readonly RouteFact[]): Op[] {
    const own = routes.filter(isOwnRoute).map(routeSpecOf);
    const direct = own.filter(({ via }) => via === undefined);
    const via = own.filter((route) => route.via !== undefined);
    return [...direct, ...via].map((route) => ({ do: "route.put", netns: this.netns, route }));
  }

  #neighsBack(dev: IfName, family?: Family): Op[] {
    return this.neighs
      .take(dev, ({ ip }) => family === undefined || familyOf(ip) === family)
      .map((neigh) => ({ do: "neigh.put", netns: this.netns, neigh }));
  }

  #addrsBack(dev: IfName, addrs: readonly AddrFact[]): Op[] {
    return addrs
      .filter(({ fromKernel }) => !fromKernel)
      .map((addr) => ({ do: "addr.add", netns: this.netns, dev, addr: addrSpecOf(addr) }));
  }

  #freePorts(master: IfName): Op[] {
    const ops: Op[] = [];
    for (const [name, link] of this.links) {
      if (link.fact.master !== master) continue;
      const port = portSettings(link.fact.port);
      const { master: _, port: __, ...fact } = link.fact;
      link.fact = fact;
      ops.push({
        do: "link.set",
        netns: this.netns,
        name,
        set: { master, ...(port && { port }) },
        was: { master: null },
      });
    }
    return ops;
  }
}

export function addrSpecOf({ prefix, noDad }: AddrFact): AddrSpec {
  return noDad === undefined ? { prefix } : { prefix, noDad };
}

export function neighKey({ dev, ip }: Pick<NeighSpec, "dev" | "ip">): string {
  return `${dev} ${ip}`;
}

const anyMac = macFromBytes(new Uint8Array(6));

/** A vxlan with a remote has an entry for it from birth (`vxlan_newlink`). */
export function isDeviceOwn(link: LinkFact | undefined, { mac, dst }: FdbSpec): boolean {
  if (mac !== anyMac) return false;
  const data = link?.data as { readonly group?: Ip; readonly group6?: Ip } | undefined;
  return data?.group === dst || data?.group6 === dst;
}

/** The all-zero address stands for "everything else" and may have several destinations; any other has one. */
export function fdbKey({ dev, mac, dst }: FdbSpec): string {
  return mac === anyMac ? `${dev} ${mac} ${dst}` : `${dev} ${mac}`;
}
