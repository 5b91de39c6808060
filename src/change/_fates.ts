import { routeKey } from "./_route.ts";
import type { NetnsName, RouteSpec } from "./net.ts";
import type { Op, OpOf } from "./op.ts";

/** What becomes of each link and namespace in a list of ops, so that one op can be told in the light of the others. */
export class Fates {
  readonly #made = new Map<string, OpOf<"link.add">>();
  readonly #deleted = new Map<string, OpOf<"link.delete">>();
  /** New namespaces with the number of their sysctls. */
  readonly #fresh = new Map<NetnsName, number>();
  readonly #gone = new Set<NetnsName>();
  /** Bridges that a switch makes, with their devices. */
  readonly #bridges = new Set<string>();
  readonly #lost = new Set<string>();
  readonly #addrsGone = new Set<string>();
  readonly #addrs = new Map<string, string[]>();
  readonly #routesGone = new Map<string, RouteSpec>();
  readonly #routesPut = new Set<string>();
  readonly #deletions: OpOf<"link.delete">[] = [];

  constructor(ops: readonly Op[]) {
    for (const op of ops) this.#note(op);
  }

  /** How many parameters a new namespace is given. */
  sysctlsOf(netns: NetnsName): number {
    return this.#fresh.get(netns) ?? 0;
  }

  isGone(netns: NetnsName): boolean {
    return this.#gone.has(netns);
  }

  made(netns: NetnsName, name: string): OpOf<"link.add"> | undefined {
    return this.#made.get(`${netns}/${name}`);
  }

  deleted(netns: NetnsName, name: string): OpOf<"link.delete"> | undefined {
    return this.#deleted.get(`${netns}/${name}`);
  }

  deletions(): readonly OpOf<"link.delete">[] {
    return this.#deletions;
  }

  /** Addresses that a link is given. */
  addrsOf(netns: NetnsName, dev: string): readonly string[] {
    return this.#addrs.get(`${netns}/${dev}`) ?? [];
  }

  /** Told with another op: an address of a new link, its second half, or what comes back after it was lost. */
  isPartOfOther(op: Op): boolean {
    switch (op.do) {
      case "sysctl.set":
        return this.#fresh.has(op.netns);
      case "link.set":
        return this.#isMade(op.netns, op.name) || this.#comesBack(op);
      case "addr.add":
        return this.#isMade(op.netns, op.dev) || this.#comesBack(op);
      case "addr.delete":
        return this.addrsOf(op.netns, op.dev).includes(op.addr.prefix);
      case "route.delete":
        return this.#routesPut.has(`${op.netns} ${routeKey(op.route)}`);
      case "route.put": {
        const was = this.replaced(op);
        return was === undefined
          ? this.#comesBack(op)
          : op.was === undefined && trace({ ...op, route: was }) === trace(op);
      }
      case "neigh.put":
      case "fdb.put":
      case "qdisc.put":
        return op.was === undefined && this.#comesBack(op);
      default:
        return false;
    }
  }

  /** An address that is taken away and given back. */
  isAnew(op: OpOf<"addr.add">): boolean {
    return this.#addrsGone.size > 0 && this.#addrsGone.has(trace(op));
  }

  /** The route that goes for this one. */
  replaced(op: OpOf<"route.put">): RouteSpec | undefined {
    return op.was ?? this.#routesGone.get(`${op.netns} ${routeKey(op.route)}`);
  }

  #isMade(netns: NetnsName, name: string): boolean {
    return this.made(netns, name) !== undefined || this.#bridges.has(`${netns}/${name}`);
  }

  #comesBack(op: Op): boolean {
    return this.#lost.size > 0 && this.#lost.has(trace(op));
  }

  #note(op: Op): void {
    const at = (name: string) => `${op.netns}/${name}`;
    if (op.do === "netns.create") this.#fresh.set(op.netns, 0);
    if (op.do === "sysctl.set" && this.#fresh.has(op.netns)) this.#fresh.set(op.netns, this.sysctlsOf(op.netns) + 1);
    if (op.do === "netns.delete") this.#gone.add(op.netns);
    if (op.do === "link.add") {
      this.#made.set(at(op.link.name), op);
      if (op.link.peer !== undefined) this.#made.set(`${op.link.peer.netns}/${op.link.peer.name}`, op);
    }
    if (op.do === "ovs.put") {
      const there = new Set(op.was?.map(({ name }) => name));
      for (const { name } of op.bridges) if (!there.has(name)) this.#bridges.add(at(name));
    }
    if (op.do === "link.delete") {
      this.#deletions.push(op);
      this.#deleted.set(at(op.name), op);
      if (op.was?.peer !== undefined) this.#deleted.set(`${op.was.peer.netns}/${op.was.peer.name}`, op);
    }
    if (op.do === "addr.add") this.#addrs.set(at(op.dev), [...(this.#addrs.get(at(op.dev)) ?? []), op.addr.prefix]);
    if (op.do === "addr.delete") this.#addrsGone.add(trace({ ...op, do: "addr.add" }));
    if (op.do === "route.put") this.#routesPut.add(`${op.netns} ${routeKey(op.route)}`);
    if (op.do === "route.delete") this.#routesGone.set(`${op.netns} ${routeKey(op.route)}`, op.route);
    if ("lost" in op) for (const lost of op.lost ?? []) this.#lost.add(trace(lost));
  }
}

/** Names what an op puts, to find the same among others. */
function trace(op: Op): string {
  const { was: _, lost: __, ...rest } = op as Op & { readonly was?: unknown; readonly lost?: unknown };
  if (op.do === "addr.add") return `${op.netns} addr ${op.dev} ${op.addr.prefix}`;
  if (op.do === "route.put") return `${op.netns} route ${routeKey(op.route)} ${op.route.via} ${op.route.type}`;
  if (op.do === "link.set" && isJoining(op)) return `${op.netns} port ${op.name} ${op.set.master}`;
  return JSON.stringify(rest, (_key, value: unknown) => {
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** A port that comes back to its bridge. */
function isJoining({ set }: OpOf<"link.set">): boolean {
  return typeof set.master === "string" && Object.keys(set).every((key) => key === "master" || key === "port");
}
