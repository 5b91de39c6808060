import type { IfName } from "../../values/index.ts";
import type { Order } from "../order.ts";
import type { Doomed } from "./_doomed.ts";
import { fdbKey, isDeviceOwn, neighKey } from "./_present.ts";
import type { Place } from "./_scene.ts";

type DoomedHere = ReadonlyMap<IfName, Doomed> | undefined;

/** Deletes permanent neighbours and forwarding entries that nobody wished; those on a doomed link go with it. */
export function deleteNeighs({ wish, present }: Place, doomed: DoomedHere, order: Order): void {
  const { name: netns } = wish;
  const neighs = new Set((wish.neighs ?? []).map(neighKey));
  for (const [key, neigh] of present.neighs.entries()) {
    if (neighs.has(key) || doomed?.has(neigh.dev)) continue;
    present.neighs.delete(key);
    order.wide("neighsGone", { do: "neigh.delete", netns, neigh });
  }
  const fdbs = new Set((wish.fdb ?? []).map(fdbKey));
  for (const [key, fdb] of present.fdb.entries()) {
    if (fdbs.has(key) || doomed?.has(fdb.dev) || isDeviceOwn(present.links.get(fdb.dev)?.fact, fdb)) continue;
    present.fdb.delete(key);
    order.wide("fdbGone", { do: "fdb.delete", netns, fdb });
  }
}

/** Puts the neighbours and forwarding entries that are not there as they are wished. */
export function putNeighs({ wish, present }: Place, order: Order): void {
  const { name: netns } = wish;
  for (const neigh of wish.neighs ?? []) {
    const was = present.neighs.get(neighKey(neigh));
    if (was?.mac === neigh.mac) continue;
    order.inGroup("neighs", { do: "neigh.put", netns, neigh, ...(was && { was }) });
  }
  for (const fdb of wish.fdb ?? []) {
    const was = present.fdb.get(fdbKey(fdb));
    if (was?.dst === fdb.dst && was.via === fdb.via) continue;
    order.inGroup("fdb", { do: "fdb.put", netns, fdb, ...(was && { was }) });
  }
}
