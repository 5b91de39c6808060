import { printTable } from "../nft/index.ts";
import { type PortSpec, type SwitchChange, switchChanges } from "../ovsdb/switch.ts";
import type { Facts } from "./facts.ts";
import { type Json, opToJson } from "./json.ts";
import type { NetnsName } from "./net.ts";
import type { Op, OpOf } from "./op.ts";
import { printFdb, printNeigh, printQdisc, printRoute, printRule, printVlan } from "./print.ts";
import { Fates } from "./_fates.ts";
import { describeLink, describeSet } from "./_describe.ts";

/** One line of a plan. `-/+` is made anew; `!` warns; an empty sign heads what follows or ends it. */
export interface PlanLine {
  readonly sign: "+" | "~" | "-/+" | "-" | "!" | "";
  readonly text: string;
  /** Namespaces are 0, what is in them 1, what stands on a link 2. */
  readonly depth: number;
}

/** What becomes of a namespace by others than ops. */
export interface OtherChange {
  readonly netns: NetnsName;
  readonly sign: Exclude<PlanLine["sign"], "!" | "">;
  readonly text: string;
}

/** How many things are made, changed in place and deleted; one that is made anew counts as made and as deleted. */
export interface PlanCounts {
  readonly create: number;
  readonly change: number;
  readonly delete: number;
}

export interface Summary extends PlanCounts {
  readonly lines: readonly PlanLine[];
}

/**
 * The ops as a plan for people, by namespace and link. What only goes and comes back with a link that is made anew is not
 * listed; the other ends of veths and the namespaces that are cut off meanwhile are. `facts` are those the ops were made from,
 * `others` what is done besides them.
 */
export function summarize(ops: readonly Op[], facts: Facts = new Map(), others: readonly OtherChange[] = []): Summary {
  const fates = new Fates(ops);
  const sheets = new Map<NetnsName, Sheet>();
  const sheet = (netns: NetnsName): Sheet => {
    let found = sheets.get(netns);
    if (found === undefined) sheets.set(netns, (found = new Sheet()));
    return found;
  };
  for (const op of ops) enter(op, fates, sheet, facts);
  for (const { netns, sign, text } of others) sheet(netns).last(sign, text);
  const lines = [...sheets].flatMap(([netns, one]) => one.lines(netns));
  const count = (...signs: PlanLine["sign"][]) => lines.filter(({ sign }) => signs.includes(sign)).length;
  const counts = { create: count("+", "-/+"), change: count("~"), delete: count("-", "-/+") };
  const cut = cutOff(fates);
  return {
    ...counts,
    lines: [
      ...lines,
      ...(cut.length > 0 ? [{ sign: "!", text: `cuts off ${cut.join(", ")}`, depth: 0 } as const] : []),
      {
        sign: "",
        text: `${counts.create} to create, ${counts.change} to change, ${counts.delete} to delete`,
        depth: 0,
      },
    ],
  };
}

/** The plan as one JSON document. */
export function summaryToJson(
  { create, change, delete: gone }: PlanCounts,
  ops: readonly Op[],
): { readonly [key: string]: Json } {
  return { schemaVersion: 1, create, change, delete: gone, ops: ops.map(opToJson) };
}

/** SGR parameters (ECMA-48) for each sign. */
const colours: Readonly<Record<PlanLine["sign"], string>> = {
  "+": "32",
  "~": "33",
  "-/+": "35",
  "-": "31",
  "!": "1;31",
  "": "",
};

/** The lines as text, signs in a column of their own. */
export function formatSummary(
  lines: readonly PlanLine[],
  { color = false }: { readonly color?: boolean } = {},
): string {
  return lines
    .map(({ sign, text, depth }) => {
      const line = `${sign.padStart(3)} ${"  ".repeat(depth)}${text}`.trimEnd();
      return color && sign !== "" ? `\u001b[${colours[sign]}m${line}\u001b[0m` : line;
    })
    .join("\n");
}

/** The lines of one namespace while they are gathered. */
class Sheet {
  head: Omit<PlanLine, "depth"> | undefined;
  readonly #own: PlanLine[] = [];
  readonly #links = new Map<string, { line?: PlanLine; on: PlanLine[] }>();
  readonly #last: PlanLine[] = [];

  own(sign: PlanLine["sign"], text: string): void {
    this.#own.push({ sign, text, depth: 1 });
  }

  last(sign: PlanLine["sign"], text: string): void {
    this.#last.push({ sign, text, depth: 1 });
  }

  link(dev: string, sign: PlanLine["sign"], text: string): void {
    this.#at(dev).line ??= { sign, text, depth: 1 };
  }

  on(dev: string, sign: PlanLine["sign"], text: string): void {
    this.#at(dev).on.push({ sign, text, depth: 2 });
  }

  lines(netns: NetnsName): PlanLine[] {
    const links = [...this.#links].flatMap(([dev, { line, on }]) => [
      line ?? { sign: "" as const, text: dev, depth: 1 },
      ...on,
    ]);
    const inside = [...this.#own, ...links, ...this.#last];
    if (inside.length === 0 && this.head === undefined) return [];
    return [{ ...(this.head ?? { sign: "", text: `namespace ${netns}` }), depth: 0 }, ...inside];
  }

  #at(dev: string): { line?: PlanLine; on: PlanLine[] } {
    let found = this.#links.get(dev);
    if (found === undefined) this.#links.set(dev, (found = { on: [] }));
    return found;
  }
}

function enter(op: Op, fates: Fates, sheet: (netns: NetnsName) => Sheet, facts: Facts): void {
  const { netns } = op;
  if (fates.isPartOfOther(op)) return;
  const here = sheet(netns);
  const put = (was: unknown) => (was === undefined ? "+" : "~");
  switch (op.do) {
    case "netns.create": {
      const sysctls = fates.sysctlsOf(netns);
      here.head = {
        sign: "+",
        text: `namespace ${netns}${sysctls > 0 ? ` with ${sysctls} sysctl${sysctls === 1 ? "" : "s"}` : ""}`,
      };
      return;
    }
    case "netns.delete": {
      const links = (facts.get(netns)?.links ?? []).filter(({ name }) => name !== "lo").map(({ name }) => name);
      here.head = { sign: "-", text: `namespace ${netns}${links.length > 0 ? ` with ${links.join(", ")}` : ""}` };
      return;
    }
    case "sysctl.set":
      here.own(put(op.was), `sysctl ${op.key} ${op.was === undefined ? "" : `${op.was} → `}${op.value}`);
      return;
    case "link.add":
    case "link.delete":
      for (const { netns: where, name, sign, text } of describeLink(op, fates)) {
        if (!fates.isGone(where)) sheet(where).link(name, sign, text);
      }
      return;
    case "link.set":
      here.link(op.name, "~", `${op.name} ${describeSet(op)}`);
      return;
    case "link.move":
      here.link(op.name, "-", `link ${op.name} to ${op.to.netns}/${op.to.name}`);
      sheet(op.to.netns).link(op.to.name, "+", `link ${op.to.name} from ${netns}/${op.name}`);
      return;
    case "vlan.add":
    case "vlan.delete":
      here.on(op.dev, op.do === "vlan.add" ? "+" : "-", `VLAN ${printVlan(op.vlan)}`);
      return;
    case "addr.add":
      here.on(op.dev, fates.isAnew(op) ? "-/+" : "+", `address ${op.addr.prefix}`);
      return;
    case "addr.delete":
      here.on(op.dev, "-", `address ${op.addr.prefix}`);
      return;
    case "route.put": {
      const was = fates.replaced(op);
      here.last(put(was), `route ${was === undefined ? "" : `${printRoute(was)} → `}${printRoute(op.route)}`);
      return;
    }
    case "route.delete":
      here.last("-", `route ${printRoute(op.route)}`);
      return;
    case "rule.add":
    case "rule.delete":
      here.last(op.do === "rule.add" ? "+" : "-", `rule ${printRule(op.rule)}`);
      return;
    case "neigh.put":
      here.on(op.neigh.dev, put(op.was), `neighbour ${op.neigh.ip} ${op.was ? `${op.was.mac} → ` : ""}${op.neigh.mac}`);
      return;
    case "neigh.delete":
      here.on(op.neigh.dev, "-", `neighbour ${printNeigh(op.neigh)}`);
      return;
    case "neigh.forget":
      here.last("-", `neighbours remembered at addresses that moved: ${op.ips.length}`);
      return;
    case "fdb.put":
      here.on(op.fdb.dev, put(op.was), `forwarding ${op.fdb.mac} ${op.was ? `${op.was.dst} → ` : ""}${op.fdb.dst}`);
      return;
    case "fdb.delete":
      here.on(op.fdb.dev, "-", `forwarding ${printFdb(op.fdb)}`);
      return;
    case "qdisc.put":
      here.on(op.dev, put(op.was), `queue ${op.was ? `${printQdisc(op.was)} → ` : ""}${printQdisc(op.qdisc)}`);
      return;
    case "qdisc.delete":
      here.on(op.dev, "-", `queue ${op.was ? printQdisc(op.was) : ""}`.trimEnd());
      return;
    case "redirect.add":
    case "redirect.delete":
      here.on(op.dev, op.do === "redirect.add" ? "+" : "-", `what comes in goes to ${op.to}`);
      return;
    case "nft.put":
      here.last(put(op.was), `rules of ${op.owner} in nftables ${printTable(op.table)}`);
      return;
    case "nft.clear":
      here.last("-", `${foreign(op.what)} in nftables ${printTable(op.table)}`);
      return;
    case "nft.delete":
      here.last("-", `rules of ${op.owner} in nftables ${printTable(op.table)}`);
      return;
    case "offload.set":
      if (fates.made(netns, op.dev) === undefined)
        here.on(op.dev, "~", `checksums are ${op.txChecksum ? "left to the device" : "made before it sends"}`);
      return;
    case "ovs.start":
    case "ovs.stop":
      here.own(op.do === "ovs.start" ? "+" : "-", `Open vSwitch in ${op.folder}`);
      return;
    case "ovs.put":
      for (const { sign, text } of describeSwitch(op, fates)) here.own(sign, text);
      return;
    case "flows.forget":
      here.last("-", `tracked ${op.flows.protocol} flows to port ${op.flows.port} (IPv${op.flows.family})`);
      return;
    default:
      op satisfies never;
  }
}

/** Bridges with their new ports in one line, other changes one by one. */
function describeSwitch(
  { netns, bridges, was = [], again = [] }: OpOf<"ovs.put">,
  fates: Fates,
): Pick<PlanLine, "sign" | "text">[] {
  const changes = switchChanges(was, bridges, ({ name }) => again.includes(name));
  const fresh = new Set(changes.flatMap((change) => (change.do === "bridge.add" ? [change.bridge.name] : [])));
  return changes.flatMap((change) => {
    if (change.do !== "bridge.add") {
      return change.do === "port.add" && fresh.has(change.bridge) ? [] : [describeSwitchChange(change)];
    }
    const { name } = change.bridge;
    const ports = bridges.find((bridge) => bridge.name === name)?.ports.map(printPort) ?? [];
    const addrs = fates.addrsOf(netns, name);
    return [
      {
        sign: "+",
        text: [`Open vSwitch bridge ${name}`, ...addrs, ...(ports.length > 0 ? [`with ${ports.join(", ")}`] : [])].join(
          " ",
        ),
      },
    ];
  });
}

function describeSwitchChange(change: Exclude<SwitchChange, { do: "bridge.add" }>): Pick<PlanLine, "sign" | "text"> {
  switch (change.do) {
    case "bridge.delete":
      return { sign: "-", text: `Open vSwitch bridge ${change.name}` };
    case "bridge.set":
      return { sign: "~", text: `Open vSwitch bridge ${change.bridge.name}` };
    case "port.delete":
      return { sign: "-", text: `port ${change.name} of ${change.bridge}` };
    case "port.set":
      return {
        sign: "~",
        text: `port of ${change.bridge}: ${printPort(change.was)} → ${printPort(change.port)}`,
      };
    case "port.add":
      return { sign: change.again === true ? "-/+" : "+", text: `port ${printPort(change.port)} of ${change.bridge}` };
    default:
      return change satisfies never;
  }
}

function printPort({ name, tag, trunks = [] }: PortSpec): string {
  if (tag !== undefined) return `${name} (VLAN ${tag})`;
  return trunks.length > 0 ? `${name} (VLANs ${trunks.join(", ")})` : name;
}

function foreign(what: OpOf<"nft.clear">["what"]): string {
  if ("chain" in what) return `chain ${what.chain}`;
  return "rulesOf" in what ? `rules about ${what.address}` : `rules of ${what.comment}`;
}

/** Namespaces that stay and lose a veth, for good or for a moment, and ports that lose their bridge. */
function cutOff(fates: Fates): string[] {
  const cut = new Map<NetnsName, Set<string>>();
  const add = (netns: NetnsName, name: string) => {
    const names = cut.get(netns);
    if (names === undefined) cut.set(netns, new Set([name]));
    else names.add(name);
  };
  for (const { netns, name, peer, was, lost } of fates.deletions()) {
    const other = was?.peer;
    if (other !== undefined && peer !== undefined && !fates.isGone(other.netns)) {
      add(netns, name);
      add(other.netns, other.name);
    }
    for (const op of lost ?? []) if (op.do === "link.set" && op.set.master) add(op.netns, op.name);
  }
  return [...cut].map(([netns, names]) => `${netns} (${[...names].join(", ")})`);
}
