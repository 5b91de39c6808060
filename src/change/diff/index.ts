import type { Facts } from "../facts.ts";
import type { Op } from "../op.ts";
import { Order } from "../order.ts";
import type { Wish } from "../wish.ts";
import { addAddrs, deleteAddrs } from "./_addrs.ts";
import { findDoomed } from "./_doomed.ts";
import { addLinks, changeLinks, deleteLinks, raiseLinks } from "./_links.ts";
import { deleteNeighs, putNeighs } from "./_neighs.ts";
import { deleteQdiscs, putQdiscs } from "./_qdiscs.ts";
import { deleteRoutes, putRoutes } from "./_routes.ts";
import { addRules, deleteRules } from "./_rules.ts";
import { makeScene } from "./_scene.ts";
import { setOffloads } from "./_offloads.ts";
import { clearForSwitches, putSwitches, stopSwitches } from "./_switches.ts";
import { setSysctls } from "./_sysctls.ts";

/**
 * The ops that make the facts what is wished, in an order that a kernel accepts; none when all is so already.
 *
 * Namespaces of the wish are wholly its: what is in them and not wished goes, and so do this owner's namespaces that are
 * not wished. Of what is wished only the keys that are set are compared; a link without `master` shall have none. Ways
 * of making something (`noDad`, `onlink`, `hostname`) do not count once it is there.
 *
 * @throws {ConflictError} `taken` for a namespace of another owner, `contradiction` for a wish at odds with itself
 */
export function diff(wish: Wish, facts: Facts): Op[] {
  const order = new Order();
  const scene = makeScene(wish, facts);
  const places = [...scene.places.values()];
  const there = places.filter(({ fresh }) => !fresh);
  const doomed = findDoomed(scene);
  stopSwitches(scene, facts, order);
  for (const place of there) {
    const here = doomed.get(place.wish.name);
    deleteRoutes(place, here, order);
    deleteRules(place, order);
    deleteNeighs(place, here, order);
    deleteQdiscs(place, here, order);
    deleteAddrs(place, here, order);
  }
  clearForSwitches(scene, facts, order);
  deleteLinks(scene, doomed, order);
  for (const { name, owner, hostname } of scene.gone.values()) {
    const was = owner === undefined ? undefined : { owner, hostname: hostname ?? name };
    order.wide("netnsGone", { do: "netns.delete", netns: name, ...(was && { was }) });
  }
  for (const { wish: netns, fresh } of places) {
    if (!fresh) continue;
    const { name } = netns;
    order.wide("netns", { do: "netns.create", netns: name, owner: wish.owner, hostname: netns.hostname ?? name });
  }
  for (const place of places) setSysctls(place, order);
  addLinks(scene, order);
  putSwitches(scene, facts, order);
  for (const place of places) {
    changeLinks(place, order);
    raiseLinks(place, order);
    setOffloads(place, order);
    addAddrs(place, order);
    putRoutes(place, order);
    putNeighs(place, order);
    putQdiscs(place, order);
    addRules(place, order);
  }
  return order.ops(scene.places.keys());
}
