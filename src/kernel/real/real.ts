import type {
  Facts,
  LinkFact,
  LinkSpec,
  NetnsFacts,
  NetnsName,
  Op,
  OpOf,
  PortVlanSpec,
  QueueFacts,
  RouteFact,
} from "../../change/index.ts";
import { listNetns, pinState } from "../../netns/index.ts";
import type { SharedTable, TableRef } from "../../nft/index.ts";
import { inside, raiseFileLimit, readSysctl } from "../../sys/index.ts";
import { type IfName, type Ip, familyOf, prefixIp } from "../../values/index.ts";
import type { FactsRequest, Kernel, Lacking, RunOptions } from "../port.ts";
import { Canary } from "./canary.ts";
import { lateFirewall, lateSwitch, lateWide } from "./late.ts";
import { Places } from "./places.ts";
import { readLink, readOwner } from "./read-link.ts";
import { Run } from "./run.ts";
import { Sessions } from "./session.ts";

/** A link that is not working by then has another reason than haste, which a test will show. */
const READY_PATIENCE_MS = 3000;
const READY_STEP_MS = 2;

export interface RealKernelOptions {
  /**
   * Namespaces that are not pins: the name that they have in ops, and their path; an empty one is the caller's own. Others may
   * work in them at the same time.
   */
  readonly places?: Readonly<Record<NetnsName, string>>;
  /** Others may work in the pins, too. */
  readonly shared?: boolean;
}

/** The running kernel. Needs CAP_NET_ADMIN and CAP_SYS_ADMIN in the user namespace that owns the network. */
export class RealKernel implements Kernel {
  readonly #places: Places;
  readonly #sessions: Sessions;
  #canary: Canary | undefined;
  /** Namespaces were deleted in a run that another was to follow. */
  #unwatched = false;
  /** Namespaces in which links were made or changed since the last `settle`: they may be coming up. */
  readonly #touched = new Set<NetnsName>();
  /** IPv6 addresses that were added since then without detection, per namespace: they may not answer yet. */
  readonly #added = new Map<NetnsName, Set<Ip>>();

  constructor({ places, shared = false }: RealKernelOptions = {}) {
    this.#places = new Places(places ?? {}, shared);
    this.#sessions = new Sessions(this.#places);
    if (places === undefined) raiseFileLimit(); // one descriptor per pod of a large lab
  }

  link(netns: NetnsName, name: string, { addrs = true }: { readonly addrs?: boolean } = {}): LinkFact | undefined {
    return readLink(this.#sessions.in(netns), name, addrs);
  }

  hasLink(netns: NetnsName, name: string): boolean {
    return this.#sessions.in(netns).socket.indexOf(name) !== undefined;
  }

  sysctl(netns: NetnsName, key: string): string | undefined {
    if (this.#places.isOwn(netns)) return readSysctl(key);
    using fd = this.#places.open(netns);
    return inside(fd, () => readSysctl(key));
  }

  queues(netns: NetnsName, name: string): QueueFacts | undefined {
    return lateWide().readQueues(this.#sessions.in(netns), name);
  }

  portVlans(netns: NetnsName, name: string): readonly PortVlanSpec[] {
    return lateWide().readPortVlans(this.#sessions.in(netns), name);
  }

  routes(netns: NetnsName): readonly RouteFact[] {
    return lateWide().readRoutes(this.#sessions.in(netns));
  }

  wayTo(netns: NetnsName, ip: Ip): IfName | undefined {
    return lateWide().readWay(this.#sessions.in(netns), ip);
  }

  ruleOwners(netns: NetnsName, table: SharedTable): readonly string[] {
    return lateFirewall().ownersIn(this.#sessions.nft(netns), table);
  }

  missingRules(op: OpOf<"nft.put">): readonly string[] {
    return lateFirewall().missingOwned(this.#sessions.nft(op.netns), op);
  }

  hasChain(netns: NetnsName, table: TableRef, chain: string): boolean {
    return lateFirewall().hasChain(this.#sessions.nft(netns), table, chain);
  }

  lacking(kinds: readonly LinkSpec["kind"][]): readonly Lacking[] {
    return lateWide().lackingKinds(kinds);
  }

  namespaces(): readonly NetnsName[] {
    return listNetns();
  }

  facts({ namespaces, sysctls = () => [], depth = "all", neighbours = () => true, ...more }: FactsRequest): Facts {
    const facts = new Map<NetnsName, NetnsFacts>();
    for (const name of namespaces) {
      using fd = this.#places.tryOpen(name);
      if (fd === undefined) continue;
      const session = this.#sessions.at(name, fd);
      session.forgetAll();
      const reading = { sysctls: sysctls(name), depth, neighbours: neighbours(name) };
      const at = more.switches?.(name);
      const ovs = at && lateSwitch().readSwitchFacts(at);
      const found = lateWide().readFacts(session, fd, { ...reading, txChecksums: more.txChecksums?.(name) ?? false });
      facts.set(name, ovs === undefined ? found : { ...found, ovs });
    }
    return facts;
  }

  owners(namespaces: readonly NetnsName[]): ReadonlyMap<NetnsName, string | undefined> {
    const owners = new Map<NetnsName, string | undefined>();
    for (const name of namespaces) {
      if (pinState(name) === "pinned") owners.set(name, readOwner(this.#sessions.in(name)));
    }
    return owners;
  }

  run(ops: readonly Op[], options: RunOptions = {}): void {
    for (const op of ops) this.#note(op);
    new Run(ops, options, this.#places, this.#sessions, (last) => {
      // Namespaces end in the order in which they were deleted: the newest canary stands for those before it.
      this.#canary?.[Symbol.dispose]();
      this.#canary = undefined;
      this.#unwatched = options.goesOn === true;
      if (!this.#unwatched) this.#canary = Canary.in(this.#sessions.in(last));
    }).all();
  }

  async settle(deletions: "own" | "all" = "own"): Promise<void> {
    using canary = this.#canary ?? (deletions === "all" || this.#unwatched ? Canary.alone() : undefined);
    this.#canary = undefined;
    this.#unwatched = false;
    await canary?.gone();
    const { areArriving, isPending } = lateWide();
    const until = performance.now() + READY_PATIENCE_MS;
    for (const netns of new Set([...this.#touched, ...this.#added.keys()])) {
      // What a refused run was about to make is not there.
      if (pinState(netns) !== "pinned") continue;
      const session = this.#sessions.in(netns);
      const added = this.#added.get(netns) ?? new Set();
      const isWaiting = (): boolean =>
        (this.#touched.has(netns) && isPending(session)) || (added.size > 0 && areArriving(session, added));
      while (isWaiting() && performance.now() < until) await Bun.sleep(READY_STEP_MS);
    }
    this.#touched.clear();
    this.#added.clear();
  }

  /** What `settle` is to look at because of an op. */
  #note(op: Op): void {
    const { netns } = op;
    if (op.do === "netns.delete") {
      this.#touched.delete(netns);
      this.#added.delete(netns);
    }
    // Both ends of a pair come up at once: the namespace that it is made from stands for the other.
    else if (op.do === "link.add" || op.do === "link.set") this.#touched.add(netns);
    else if (op.do === "addr.add" && op.addr.noDad === true && familyOf(op.addr.prefix) === 6) {
      const added = this.#added.get(netns);
      if (added === undefined) this.#added.set(netns, new Set([prefixIp(op.addr.prefix)]));
      else added.add(prefixIp(op.addr.prefix));
    } else if (op.do === "addr.delete") this.#added.get(netns)?.delete(prefixIp(op.addr.prefix));
  }

  [Symbol.dispose](): void {
    this.#canary?.[Symbol.dispose]();
    this.#sessions[Symbol.dispose]();
  }
}
