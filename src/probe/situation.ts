import type { Refusal } from "../netlink/index.ts";
import {
  type Addr,
  type Link,
  type Neigh,
  type RouteLookup,
  listAddrs,
  listLinks,
  listNeighs,
  lookupRoute,
} from "../rtnl/index.ts";
import { inside, readSysctl } from "../sys/index.ts";
import { type Family, type Ip, familyOf, prefixIp } from "../values/index.ts";
import type { ProbeEnd } from "./result.ts";
import type { Station } from "./station.ts";

/** An answer to "where would a packet for this address go?". */
export type Lookup = { readonly fact: RouteLookup } | { readonly refusal: Refusal };

/** What is in one namespace, each table read once, when it is first needed. */
export class Situation {
  readonly #station: Station;
  #links: readonly Link[] | undefined;
  #addrs: readonly Addr[] | undefined;
  #neighs: readonly Neigh[] | undefined;
  readonly #lookups = new Map<Ip, Lookup>();
  readonly #forwards = new Map<Family, boolean>();

  constructor(station: Station) {
    this.#station = station;
  }

  get end(): ProbeEnd {
    return this.#station.end;
  }

  get links(): readonly Link[] {
    return (this.#links ??= this.#station.netlink.dump(listLinks()));
  }

  get addrs(): readonly Addr[] {
    return (this.#addrs ??= this.#station.netlink.dump(listAddrs()));
  }

  get neighs(): readonly Neigh[] {
    return (this.#neighs ??= this.#station.netlink.dump(listNeighs()));
  }

  lookup(dst: Ip): Lookup {
    let answer = this.#lookups.get(dst);
    if (answer === undefined) this.#lookups.set(dst, (answer = this.#station.netlink.answer(lookupRoute({ dst }))));
    return answer;
  }

  /** Whether it passes on packets that are not for itself. */
  forwards(family: Family): boolean {
    let answer = this.#forwards.get(family);
    if (answer === undefined) {
      const key = family === 4 ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding";
      // Absent without IPv6 in the kernel: then something else is the reason.
      answer = inside(this.end.netns, () => readSysctl(key)) !== "0";
      this.#forwards.set(family, answer);
    }
    return answer;
  }

  link(index: number | undefined): Link | undefined {
    return this.links.find((link) => link.index === index);
  }

  /** The link that carries an address of this end, or its main one. */
  mainLink(): Link | undefined {
    const { dev, addrs } = this.end;
    if (dev !== undefined) return this.links.find(({ name }) => name === dev);
    const mine = this.addrs.find(({ prefix }) => addrs.includes(prefixIp(prefix)));
    return this.link(mine?.index);
  }

  /** Addresses of a family that others could answer to. */
  usable(family: Family): readonly Addr[] {
    return this.addrs.filter(({ prefix, scope }) => familyOf(prefix) === family && scope === "universe");
  }

  find(ip: Ip): Addr | undefined {
    return this.addrs.find(({ prefix }) => prefixIp(prefix) === ip);
  }
}
