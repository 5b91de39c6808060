import type {
  Facts,
  LinkFact,
  NetnsName,
  Op,
  OpOf,
  PortVlanSpec,
  QueueFacts,
  RouteFact,
  RuleSpec,
} from "../change/index.ts";
import { NetnsError } from "../netns/index.ts";
import type { SharedTable } from "../nft/index.ts";
import { type IfName, type Ip, contains, prefixLength } from "../values/index.ts";
import { addLink, deleteLink, moveLink, remove, setLink } from "./_memory-links.ts";
import { type MemoryLink, MemoryNetns, linkFact } from "./_memory-netns.ts";
import { Refusal, refuse } from "./_memory-refusal.ts";
import { MemorySwitch } from "./_memory-switch.ts";
import { addAddr, deleteAddr, deleteRoute, putRoute } from "./_memory-routes.ts";
import { OpError } from "./error.ts";
import type { FactsRequest, Kernel, RunOptions } from "./port.ts";

/** A kernel that is only an idea of one, for tests and dry runs without privilege. It does not make link-local addresses. */
export class MemoryKernel implements Kernel {
  readonly #namespaces = new Map<NetnsName, MemoryNetns>();
  #lastIndex = 1;

  facts({ namespaces, sysctls = () => [], switches = () => undefined }: FactsRequest): Facts {
    const found = namespaces.flatMap((name) => this.#namespaces.get(name) ?? []);
    return new Map(
      found.map((netns) => {
        const { name } = netns;
        const at = switches(name);
        const ovs = at === undefined ? undefined : netns.switch?.facts(at.owner);
        return [name, { ...netns.facts(sysctls(name)), ...(ovs !== undefined && { ovs }) }];
      }),
    );
  }

  link(netns: NetnsName, name: string, { addrs = true }: { readonly addrs?: boolean } = {}): LinkFact | undefined {
    const found = this.#netns(netns).find(name);
    if (found === undefined) return undefined;
    return addrs ? linkFact(found) : { ...linkFact(found), addrs: [] };
  }

  hasLink(netns: NetnsName, name: string): boolean {
    return this.#netns(netns).find(name) !== undefined;
  }

  sysctl(netns: NetnsName, key: string): string | undefined {
    return this.#netns(netns).sysctl(key);
  }

  queues(netns: NetnsName, name: string): QueueFacts | undefined {
    const found = this.#netns(netns).find(name);
    return found && { ...(found.qdisc && { root: found.qdisc }), ...(found.redirect && { redirect: found.redirect }) };
  }

  portVlans(netns: NetnsName, name: string): readonly PortVlanSpec[] {
    return [...(this.#netns(netns).find(name)?.vlans.values() ?? [])];
  }

  routes(netns: NetnsName): readonly RouteFact[] {
    return this.#netns(netns).facts([]).routes;
  }

  wayTo(netns: NetnsName, ip: Ip): IfName | undefined {
    const routes = this.#netns(netns)
      .facts([])
      .routes.filter(({ dst, table }) => table === undefined && contains(dst, ip));
    return routes.toSorted((a, b) => prefixLength(b.dst) - prefixLength(a.dst))[0]?.dev;
  }

  ruleOwners(netns: NetnsName, table: SharedTable): readonly string[] {
    return this.#netns(netns).ruleset.owners(table);
  }

  missingRules(op: OpOf<"nft.put">): readonly string[] {
    return this.#netns(op.netns).ruleset.missing(op);
  }

  /** Nobody else makes chains here. */
  hasChain(netns: NetnsName): boolean {
    this.#netns(netns);
    return false;
  }

  lacking(): readonly [] {
    return [];
  }

  namespaces(): readonly NetnsName[] {
    return [...this.#namespaces.keys()];
  }

  owners(namespaces: readonly NetnsName[]): ReadonlyMap<NetnsName, string | undefined> {
    const facts = this.facts({ namespaces });
    return new Map([...facts.values()].map(({ name, owner }) => [name, owner]));
  }

  run(ops: readonly Op[], { before }: RunOptions = {}): void {
    for (const [index, op] of ops.entries()) {
      before?.(index);
      try {
        this.#do(op);
      } catch (error) {
        if (!(error instanceof Refusal || error instanceof NetnsError)) throw error;
        const isTaken = error instanceof Refusal && error.errno === "EEXIST";
        throw new OpError(isTaken ? "exists" : "refused", index, op, error.message, { cause: error });
      }
    }
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.dispose](): void {
    this.#namespaces.clear();
  }

  /** @throws {NetnsError} `missing` */
  #netns(name: NetnsName): MemoryNetns {
    const netns = this.#namespaces.get(name);
    if (netns === undefined) throw new NetnsError("missing", name, `there is no namespace ${name}`);
    return netns;
  }

  #do(op: Op): void {
    if (op.do === "netns.create") {
      if (this.#namespaces.has(op.netns)) refuse("EEXIST", `namespace ${op.netns} exists`);
      this.#namespaces.set(op.netns, new MemoryNetns(op.netns, op.owner, op.hostname, () => ++this.#lastIndex));
      return;
    }
    const netns = this.#netns(op.netns);
    switch (op.do) {
      case "netns.delete":
        for (const link of netns.links.values()) remove(link);
        this.#namespaces.delete(op.netns);
        return;
      case "sysctl.set":
        netns.sysctls.set(op.key, op.value);
        return;
      case "link.add":
        addLink(
          netns,
          op,
          op.link.peer && this.#netns(op.link.peer.netns),
          op.link.lowerNetns === undefined ? netns : this.#netns(op.link.lowerNetns),
        );
        return;
      case "link.set":
        setLink(netns.link(op.name), op.set);
        return;
      case "link.delete":
        deleteLink(netns, op.name);
        return;
      case "link.move":
        moveLink(netns, op.name, this.#netns(op.to.netns), op.to.name);
        return;
      default:
        doOn(netns, op);
    }
  }
}

type OpOnLinks = Exclude<Op, { readonly do: `netns.${string}` | `link.${string}` | "sysctl.set" }>;

function doOn(netns: MemoryNetns, op: OpOnLinks): void {
  switch (op.do) {
    case "vlan.add":
    case "vlan.delete":
      changeVlans(netns.link(op.dev), op);
      return;
    case "addr.add":
      addAddr(netns.link(op.dev), op.addr, op.replace);
      return;
    case "addr.delete": {
      const link = netns.link(op.dev);
      deleteAddr(link, op.addr, (left) => (link.addrs = left));
      return;
    }
    case "route.put":
      putRoute(netns, op.route, op.prepend);
      return;
    case "route.delete":
      deleteRoute(netns, op.route);
      return;
    case "rule.add":
      if (netns.rules.some((rule) => isSame(rule, op.rule))) refuse("EEXIST", "the rule is there");
      netns.rules.push(op.rule);
      return;
    case "rule.delete": {
      const at = netns.rules.findIndex((rule) => isSame(rule, op.rule));
      if (at < 0) refuse("ENOENT", "there is no such rule");
      netns.rules.splice(at, 1);
      return;
    }
    case "neigh.put":
      netns.link(op.neigh.dev);
      netns.neighs.set(`${op.neigh.dev} ${op.neigh.ip}`, op.neigh);
      return;
    case "neigh.delete":
      if (!netns.neighs.delete(`${op.neigh.dev} ${op.neigh.ip}`)) refuse("ENOENT", "there is no such neighbour");
      return;
    case "fdb.put":
    case "fdb.delete":
      changeFdb(netns, op);
      return;
    case "qdisc.put":
      if (op.fresh && netns.link(op.dev).qdisc !== undefined) refuse("EEXIST", `${op.dev} has a queueing discipline`);
      netns.link(op.dev).qdisc = op.qdisc;
      return;
    case "qdisc.delete": {
      const link = netns.link(op.dev);
      if (link.qdisc === undefined) refuse("ENOENT", `${op.dev} has no queueing discipline of ours`);
      delete link.qdisc;
      return;
    }
    case "redirect.add": {
      const link = netns.link(op.dev);
      if (link.redirect !== undefined) refuse("EEXIST", `${op.dev} has an ingress discipline`);
      link.redirect = netns.link(op.to).fact.name;
      return;
    }
    case "redirect.delete": {
      const link = netns.link(op.dev);
      if (link.redirect === undefined) refuse("ENOENT", `${op.dev} has no ingress discipline`);
      delete link.redirect;
      return;
    }
    case "offload.set": {
      const link = netns.link(op.dev);
      link.fact = { ...link.fact, txChecksum: op.txChecksum };
      return;
    }
    case "ovs.start":
      (netns.switch ??= new MemorySwitch(netns, op.folder)).start();
      return;
    case "ovs.stop":
      netns.switch?.stop();
      return;
    case "ovs.put":
      if (netns.switch === undefined) refuse("ENOENT", `no switch of ${op.folder} runs`);
      netns.switch.put(op);
      return;
    case "neigh.forget":
    case "flows.forget":
    case "nft.clear":
      return;
    case "nft.put":
      netns.ruleset.put(op);
      return;
    case "nft.delete":
      netns.ruleset.delete(op);
      return;
    default:
      return op satisfies never;
  }
}

function changeVlans(link: MemoryLink, op: Extract<Op, { readonly do: "vlan.add" | "vlan.delete" }>): void {
  const { vid, last = vid, ...flags } = op.vlan;
  if (link.fact.master === undefined) refuse("EOPNOTSUPP", `${op.dev} is no port`);
  for (let one = vid; one <= last; one++) {
    if (op.do === "vlan.delete" && !link.vlans.has(one)) refuse("ENOENT", `${op.dev} does not let VLAN ${one} through`);
    if (op.do === "vlan.delete") link.vlans.delete(one);
    else link.vlans.set(one, { vid: one, ...flags });
  }
}

function changeFdb(netns: MemoryNetns, op: Extract<Op, { readonly do: "fdb.put" | "fdb.delete" }>): void {
  const { dev, mac, dst } = op.fdb;
  if (netns.link(dev).fact.kind !== "vxlan") refuse("EOPNOTSUPP", `${dev} is no vxlan device`);
  const key = mac === "00:00:00:00:00:00" ? `${dev} ${mac} ${dst}` : `${dev} ${mac}`;
  if (op.do === "fdb.put") netns.fdb.set(key, op.fdb);
  else if (!netns.fdb.delete(key)) refuse("ENOENT", "there is no such forwarding entry");
}

function isSame(a: RuleSpec, b: RuleSpec): boolean {
  const keys = ["family", "priority", "table", "from", "to", "iif", "oif", "mark"] as const;
  return keys.every((key) => a[key] === b[key]);
}
