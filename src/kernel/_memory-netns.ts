import type {
  AddrFact,
  FdbSpec,
  LinkFact,
  NeighSpec,
  NetnsFacts,
  NetnsName,
  PortVlanSpec,
  QdiscSpec,
  RouteFact,
  RuleSpec,
} from "../change/index.ts";
import { familyOf, networkOf, parseIfName, parseMac, parsePrefix, prefixIp, prefixLength } from "../values/index.ts";
import type { Family, IfName, Ip, Prefix } from "../values/index.ts";
import { MemoryRuleset } from "./_memory-nft.ts";
import { refuse } from "./_memory-refusal.ts";
import type { MemorySwitch } from "./_memory-switch.ts";

/** A link, with what stands on it. */
export interface MemoryLink {
  netns: MemoryNetns;
  readonly index: number;
  /** What was said of it and does not follow from anything else. */
  fact: Omit<LinkFact, "carrier" | "operState" | "index" | "peerIndex" | "addrs" | "qdisc">;
  addrs: AddrFact[];
  /** VLANs that its bridge lets through. */
  readonly vlans: Map<number, PortVlanSpec>;
  qdisc?: QdiscSpec;
  /** What stands on it, here or elsewhere. */
  readonly uppers: Set<MemoryLink>;
  redirect?: IfName;
  peer?: MemoryLink;
}

export const loopback = parseIfName("lo");

const loopbackAddrs: readonly AddrFact[] = ["127.0.0.1/8", "::1/128"].map((text) => ({
  prefix: parsePrefix(text),
  scope: "host",
  fromKernel: true,
}));

/** What parameters are at birth, of those that labs set. */
const sysctlDefaults: Readonly<Record<string, string>> = {
  "net.ipv4.ip_forward": "0",
  "net.ipv6.conf.all.forwarding": "0",
  "net.ipv6.conf.all.disable_ipv6": "0",
  "net.ipv6.conf.default.disable_ipv6": "0",
  "net.ipv6.conf.all.accept_dad": "0",
  "net.ipv6.conf.default.accept_dad": "1",
};

/** One namespace of the kernel in memory. */
export class MemoryNetns {
  readonly name: NetnsName;
  readonly hostname: string;
  readonly links = new Map<IfName, MemoryLink>();
  readonly sysctls = new Map<string, string>();
  readonly neighs = new Map<string, NeighSpec>();
  readonly fdb = new Map<string, FdbSpec>();
  readonly ruleset = new MemoryRuleset();
  switch?: MemorySwitch;
  rules: RuleSpec[] = [];
  routes: RouteFact[] = [];
  readonly #nextIndex: () => number;

  /** Loopback is always 1; `nextIndex` numbers the other links, so that no two of the kernel have the same. */
  constructor(name: NetnsName, owner: string, hostname: string, nextIndex: () => number) {
    this.#nextIndex = nextIndex;
    this.name = name;
    this.hostname = hostname;
    const lo = this.make({ name: loopback, up: true, mtu: 65536, mac: parseMac("00:00:00:00:00:00"), alias: owner });
    lo.addrs = [...loopbackAddrs];
  }

  /** The link of that name, or one that has it as alternative name. */
  find(name: string): MemoryLink | undefined {
    for (const link of this.links.values()) {
      if (link.fact.name === name || link.fact.altNames?.includes(name)) return link;
    }
    return undefined;
  }

  /** The link of that name. Refuses with ENODEV. */
  link(name: IfName): MemoryLink {
    return this.links.get(name) ?? refuse("ENODEV", `there is no link ${name} in ${this.name}`);
  }

  make(fact: MemoryLink["fact"]): MemoryLink {
    const index = fact.name === loopback ? 1 : this.#nextIndex();
    const link: MemoryLink = { netns: this, index, fact, addrs: [], vlans: new Map(), uppers: new Set() };
    this.links.set(fact.name, link);
    return link;
  }

  /** Refuses with EEXIST when the name is a link's, also as an alternative one. */
  mustBeFree(name: string): void {
    if (this.find(name) !== undefined) refuse("EEXIST", `${this.name} has a link ${name}`);
  }

  /** Routes and permanent neighbours of a device go, of one family or both. */
  flush(dev: IfName, family?: Family): void {
    const hit = (value: Ip | Prefix) => family === undefined || familyOf(value) === family;
    this.routes = this.routes.filter(
      (route) => !(hit(route.dst) && (route.dev === dev || route.multipath?.some((hop) => hop.dev === dev))),
    );
    this.flushNeighs(dev, family);
  }

  flushNeighs(dev: IfName, family?: Family): void {
    for (const [key, { dev: on, ip }] of this.neighs) {
      if (on === dev && (family === undefined || familyOf(ip) === family)) this.neighs.delete(key);
    }
  }

  hasAddr(ip: Ip): boolean {
    for (const { addrs } of this.links.values()) if (addrs.some(({ prefix }) => prefixIp(prefix) === ip)) return true;
    return false;
  }

  /** An address is gone: IPv4 routes that prefer it as source go too, IPv6 routes only forget it. */
  loseSource(ip: Ip): void {
    if (this.hasAddr(ip)) return;
    if (familyOf(ip) === 4) this.routes = this.routes.filter(({ src }) => src !== ip);
    else this.routes = this.routes.map((route) => (route.src === ip ? withoutSource(route) : route));
  }

  /** What follows from addresses on links that are up. */
  connected(): RouteFact[] {
    const routes: RouteFact[] = [];
    for (const { fact, addrs } of this.links.values()) {
      if (!fact.up || fact.name === loopback) continue;
      const seen = new Set<Prefix>();
      for (const { prefix, noPrefixRoute } of addrs) {
        const dst = networkOf(prefix);
        if (noPrefixRoute || seen.has(dst) || prefixLength(prefix) === 32) continue;
        seen.add(dst);
        const own = familyOf(prefix) === 4 ? { src: prefixIp(prefix) } : { metric: 256 };
        routes.push({ dst, dev: fact.name, protocol: "kernel", ...own });
      }
    }
    return routes;
  }

  sysctl(key: string): string | undefined {
    return this.sysctls.get(key) ?? sysctlDefaults[key];
  }

  facts(sysctls: readonly string[]): NetnsFacts {
    const values = sysctls.flatMap((key) => {
      const value = this.sysctl(key);
      return value === undefined ? [] : [[key, value] as const];
    });
    const owner = this.link(loopback).fact.alias;
    return {
      name: this.name,
      ...(owner !== undefined && { owner }),
      hostname: this.hostname,
      sysctls: Object.fromEntries(values),
      links: [...this.links.values()].map(linkFact),
      routes: [...this.connected(), ...this.routes],
      rules: [...this.rules],
      neighs: [...this.neighs.values()].map((neigh) => ({ ...neigh, state: "permanent" })),
      fdb: [...this.fdb.values()],
    };
  }
}

/** A link as it would be read. */
export function linkFact({ fact, index, peer, addrs, qdisc }: MemoryLink): LinkFact {
  const carrier = fact.up && (peer === undefined || peer.fact.up);
  return {
    ...fact,
    carrier,
    operState: carrier ? "up" : fact.up ? "lowerlayerdown" : "down",
    index,
    ...(peer && { peerIndex: peer.index }),
    addrs: [...addrs],
    ...(qdisc && { qdisc }),
  };
}

function withoutSource({ src: _, ...route }: RouteFact): RouteFact {
  return route;
}
