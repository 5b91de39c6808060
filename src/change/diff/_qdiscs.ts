import type { IfName } from "../../values/index.ts";
import type { QdiscSpec } from "../net.ts";
import type { Order } from "../order.ts";
import type { Doomed } from "./_doomed.ts";
import type { Place } from "./_scene.ts";

/** Deletes the queueing disciplines of ours that nobody wished, on links that stay. */
export function deleteQdiscs(
  { wish, links, present }: Place,
  doomed: ReadonlyMap<IfName, Doomed> | undefined,
  order: Order,
): void {
  for (const [dev, link] of present.links) {
    const was = link.qdisc;
    if (was === undefined || doomed?.has(dev) || links.get(dev)?.qdisc !== undefined) continue;
    link.qdisc = undefined;
    order.wide("qdiscsGone", { do: "qdisc.delete", netns: wish.name, dev, was });
  }
}

/** Puts the queueing disciplines that are not there as they are wished. */
export function putQdiscs({ wish, present }: Place, order: Order): void {
  for (const { spec, qdisc } of wish.links) {
    if (qdisc === undefined) continue;
    const was = present.links.get(spec.name)?.qdisc;
    if (was !== undefined && isSameQdisc(qdisc, was)) continue;
    order.inGroup("qdiscs", { do: "qdisc.put", netns: wish.name, dev: spec.name, qdisc, ...(was && { was }) });
  }
}

/** The kernel counts in ticks and 32-bit shares, so what comes back may be a little off. */
function isSameQdisc(wish: QdiscSpec, fact: QdiscSpec): boolean {
  if (wish.kind !== fact.kind) return false;
  const left: Readonly<Record<string, string | number | undefined>> = { ...wish };
  const right: Readonly<Record<string, string | number | undefined>> = { ...fact };
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => {
    if (key === "kind" || (key === "limit" && left[key] === undefined)) return true;
    const [a, b] = [Number(left[key] ?? 0), Number(right[key] ?? 0)];
    const grain = Math.abs(a) < 1 ? 1e-6 : 1;
    return Math.abs(a - b) <= Math.max(grain, Math.abs(a) * 0.001);
  });
}
