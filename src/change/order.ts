import type { NetnsName } from "./net.ts";
import type { Op } from "./op.ts";

/** What makes one namespace complete once all links exist, in this order: one namespace after the other. */
const groupSteps = [
  "sysctls",
  "links",
  "offloads",
  "addrs",
  "routes",
  "viaRoutes",
  "neighs",
  "fdb",
  "qdiscs",
  "rules",
] as const;
type GroupStep = (typeof groupSteps)[number];

/** What goes and what must be there first, in this order over all namespaces. */
const wideSteps = [
  "switchesGone",
  "routesGone",
  "rulesGone",
  "fdbGone",
  "neighsGone",
  "qdiscsGone",
  "addrsGone",
  "linksGone",
  "netnsGone",
  "freed",
  "netns",
  "sysctls",
  "switches",
  "widened",
  "links",
  "switchPorts",
] as const;
type WideStep = (typeof wideSteps)[number];

/**
 * Puts ops into an order a kernel accepts. Deletes come first, so that names and addresses are free; then all
 * namespaces, then all links, so that a veth goes straight to both its ends, and switches take them; then each namespace is completed by
 * itself, so that one netlink socket at a time is enough.
 */
export class Order {
  readonly #wide = new Map<WideStep, Op[]>();
  readonly #groups = new Map<NetnsName, Map<GroupStep, Op[]>>();

  /** For all namespaces together. */
  wide(step: WideStep, op: Op): void {
    push(this.#wide, step, op);
  }

  /** For the namespace of the op, after the steps over all namespaces. */
  inGroup(step: GroupStep, op: Op): void {
    let group = this.#groups.get(op.netns);
    if (group === undefined) this.#groups.set(op.netns, (group = new Map()));
    push(group, step, op);
  }

  /** All of them; namespaces in the order given, others after them. */
  ops(namespaces: Iterable<NetnsName>): Op[] {
    const ops: Op[] = [];
    const take = <S>(steps: readonly S[], from: ReadonlyMap<S, Op[]>) => {
      for (const step of steps) for (const op of from.get(step) ?? []) ops.push(op);
    };
    take(wideSteps, this.#wide);
    for (const name of new Set([...namespaces, ...this.#groups.keys()])) {
      const group = this.#groups.get(name);
      if (group !== undefined) take(groupSteps, group);
    }
    return ops;
  }
}

function push<K>(into: Map<K, Op[]>, step: K, op: Op): void {
  const list = into.get(step);
  if (list === undefined) into.set(step, [op]);
  else list.push(op);
}

/**
 * The items with those they need before them, otherwise in the order given (depth first).
 * `onCycle` is told an item that needs itself; it must throw.
 */
export function sorted<T>(items: Iterable<T>, needs: (item: T) => Iterable<T>, onCycle: (item: T) => never): T[] {
  const out: T[] = [];
  const state = new Map<T, "open" | "done">();
  const visit = (item: T): void => {
    const seen = state.get(item);
    if (seen === "done") return;
    if (seen === "open") onCycle(item);
    state.set(item, "open");
    for (const need of needs(item)) visit(need);
    state.set(item, "done");
    out.push(item);
  };
  for (const item of items) visit(item);
  return out;
}
