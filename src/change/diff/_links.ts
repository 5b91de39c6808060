import type { IfName } from "../../values/index.ts";
import { differingKeys, present as only } from "../_equal.ts";
import { contradiction } from "../error.ts";
import type { LinkFact } from "../facts.ts";
import type { LinkSpec, LinkState, NetnsName } from "../net.ts";
import type { Op } from "../op.ts";
import { type Order, sorted } from "../order.ts";
import type { LinkWish, NetnsWish } from "../wish.ts";
import type { Doomed } from "./_doomed.ts";
import { linkSpecOf, portSettings } from "./_link-spec.ts";
import type { PresentLink } from "./_present.ts";
import { LOOPBACK, type Place, type Scene, lowerElsewhere, otherEnd, presentIn } from "./_scene.ts";

/** Deletes the doomed links, upper ones first, a veth by one of its ends. */
export function deleteLinks(
  scene: Scene,
  doomed: ReadonlyMap<NetnsName, ReadonlyMap<IfName, Doomed>>,
  order: Order,
): void {
  const all: Doomed[] = [];
  for (const here of doomed.values()) all.push(...here.values());
  const uppers = new Map<Doomed, Doomed[]>();
  for (const upper of all) {
    const { lower, kind } = upper.fact;
    const below = lower === undefined || kind === "veth" ? undefined : doomed.get(upper.netns)?.get(lower);
    if (below !== undefined) uppers.set(below, [...(uppers.get(below) ?? []), upper]);
  }
  const above = (link: Doomed) => [...(uppers.get(link) ?? []), ...((link.peer && uppers.get(link.peer)) ?? [])];
  const cycle = ({ netns, name }: Doomed): never => {
    throw contradiction(netns, `links stand on each other in a circle at ${name}`, "delete one of them by hand");
  };
  // Those on devices of other namespaces go first, for a number alone does not say for certain which device that is.
  const guests = all.filter(({ fact }) => fact.lowerIndex !== undefined);
  const deleted = new Set<Doomed>();
  for (const link of sorted([...guests, ...all], above, cycle)) {
    if (deleted.has(link)) continue;
    deleted.add(link);
    if (link.peer !== undefined) deleted.add(link.peer);
    order.wide("linksGone", deletion(scene, link));
  }
}

function deletion(scene: Scene, { netns, name, fact, why, peer }: Doomed): Op {
  const here = presentIn(scene, netns);
  const there = peer && presentIn(scene, peer.netns);
  const current = here?.links.get(name)?.fact ?? fact;
  const below = lowerElsewhere(scene, netns, current);
  const was = linkSpecOf(current, {
    ...(peer && { peer: { netns: peer.netns, name: peer.name } }),
    ...(below && { below }),
  });
  const peerWas = peer && linkSpecOf(there?.links.get(peer.name)?.fact ?? peer.fact, { peer: { netns, name } });
  const lost = [...(here?.loseLink(name, false) ?? []), ...((peer && there?.loseLink(peer.name, true)) ?? [])];
  lost.sort((a, b) => rank(a) - rank(b));
  return {
    do: "link.delete",
    netns,
    name,
    was,
    ...(peerWas && { peer: peerWas }),
    ...(lost.length > 0 && { lost }),
    ...(why !== undefined && { why }),
  };
}

/** Both ends may be in one namespace, and a route over one prefer an address of the other: links, addresses, routes. */
function rank(op: Op): number {
  if (op.do === "link.set") return 0;
  if (op.do === "addr.add") return 1;
  return op.do === "route.put" && op.route.via === undefined ? 2 : 3;
}

interface Making {
  readonly place: Place;
  readonly wish: LinkWish;
}

/** Makes the links that are not there, lower devices and masters before what needs them. */
export function addLinks(scene: Scene, order: Order): void {
  const byRef = new Map<NetnsName, Map<IfName, Making>>();
  const all: Making[] = [];
  for (const [netns, place] of scene.places) {
    for (const wish of place.wish.links) {
      if (place.present.links.has(wish.spec.name)) continue;
      const first = wish.spec.kind === "veth" ? pairOf(byRef, scene, netns, wish) : undefined;
      const making = first ?? { place, wish };
      if (first === undefined) all.push(making);
      let here = byRef.get(netns);
      if (here === undefined) byRef.set(netns, (here = new Map()));
      here.set(wish.spec.name, making);
    }
  }
  const needs = ({ place, wish: { spec } }: Making): Making[] => {
    const here = byRef.get(place.wish.name);
    const belowIn = spec.lowerNetns === undefined ? here : byRef.get(spec.lowerNetns);
    return [spec.lower && belowIn?.get(spec.lower), spec.master && here?.get(spec.master)].flatMap((one) => one ?? []);
  };
  const cycle = ({ place, wish }: Making): never => {
    throw contradiction(
      place.wish.name,
      `link ${wish.spec.name} stands on itself, over its lower devices and masters`,
      "break the circle",
    );
  };
  for (const making of sorted(all, needs, cycle)) order.wide("links", addition(scene, making, order));
}

/** The making of the pair, when this is its second end. */
function pairOf(
  byRef: ReadonlyMap<NetnsName, ReadonlyMap<IfName, Making>>,
  scene: Scene,
  netns: NetnsName,
  wish: LinkWish,
): Making | undefined {
  const { ref } = otherEnd(scene, netns, wish);
  return byRef.get(ref.netns)?.get(ref.name);
}

function addition(scene: Scene, { place, wish }: Making, order: Order): Op {
  const netns = place.wish.name;
  const link = wish.spec;
  if (link.kind === "vlan" && risesLater(link)) {
    const { up: _later, ...made } = link;
    return { do: "link.add", netns, link: made };
  }
  if (link.kind !== "veth") return { do: "link.add", netns, link };
  const { ref, link: other } = otherEnd(scene, netns, wish);
  const { name, kind, mac, mtu, peer, ...state } = other.spec;
  // What the creating message cannot say of the other end waits until its namespace's turn.
  const { up, master, alias, altNames, addrGenMode, port } = state;
  const set = only({
    up: up || undefined,
    master: master ?? undefined,
    alias: alias || undefined,
    altNames: altNames?.length ? altNames : undefined,
    addrGenMode,
    port,
  }) as LinkState;
  if (Object.keys(set).length > 0) {
    const was = only({
      up: set.up && false,
      master: set.master && null,
      alias: set.alias && "",
      altNames: set.altNames && [],
    });
    order.inGroup("links", { do: "link.set", netns: ref.netns, name: ref.name, set, was: was as LinkState });
  }
  return { do: "link.add", netns, link, peer: only({ name, kind, mac, mtu, peer }) as LinkSpec };
}

/** A VLAN is not let up before the device below it is (`vlan_dev_open` of net/8021q/vlan_dev.c). */
function risesLater({ kind, up }: LinkSpec): boolean {
  return kind === "vlan" && up === true;
}

/** Brings up what was made down, once what is below is up. */
export function raiseLinks({ wish, present }: Place, order: Order): void {
  for (const { spec } of wish.links) {
    if (!risesLater(spec) || present.links.has(spec.name)) continue;
    order.inGroup("links", {
      do: "link.set",
      netns: wish.name,
      name: spec.name,
      set: { up: true },
      was: { up: false },
    });
  }
}

/** Changes in place what differs on links that stay. */
export function changeLinks({ wish, present }: Place, order: Order): void {
  const change = ({ spec }: LinkWish) =>
    changeLink(wish, present.links.get(spec.name), { master: null, ...spec }, order, present);
  // A link cannot have a larger MTU than the one below it.
  for (const link of wish.links) if (link.spec.lower === undefined) change(link);
  for (const link of wish.links) if (link.spec.lower !== undefined) change(link);
  const loopback = wish.loopback?.state;
  if (loopback !== undefined)
    changeLink(wish, present.links.get(LOOPBACK), { up: loopback.up ?? true }, order, present);
}

function changeLink(
  { name: netns }: NetnsWish,
  link: PresentLink | undefined,
  state: LinkState,
  order: Order,
  present: Place["present"],
): void {
  if (link === undefined) return;
  free(netns, link, state, order);
  const { fact } = link;
  const set = stateDiff(state, fact);
  if (set === undefined) return;
  const was = stateWas(set, fact);
  const lost = [
    ...(set.up === false ? present.loseUp(fact.name) : []),
    ...(set.up === true ? present.lostByDown(fact.name) : []),
    ...(set.mac !== undefined ? present.loseMac(fact.name) : []),
  ];
  const op = { do: "link.set", netns, name: fact.name } as const;
  const { mtu, ...rest } = set;
  if (mtu === undefined || mtu < fact.mtu) {
    order.inGroup("links", { ...op, set, was, ...(lost.length > 0 && { lost }) });
    return;
  }
  // Before links are made on it, and apart: without the MTU that IPv6 needs a link has no IPv6 settings to change.
  order.wide("widened", { ...op, set: { mtu }, was: { mtu: fact.mtu } });
  const { mtu: _narrow, ...restWas } = was;
  if (Object.keys(rest).length > 0)
    order.inGroup("links", { ...op, set: rest, was: restWas, ...(lost.length > 0 && { lost }) });
}

/** A device that leaves its master does so before anything is made: what shall stand on it may need that. */
function free(netns: NetnsName, link: PresentLink, wish: LinkState, order: Order): void {
  const { master, port: portFact, ...free } = link.fact;
  if (wish.master !== null || master === undefined) return;
  const port = portSettings(portFact);
  const was = { master, ...(port && { port }) };
  order.wide("freed", { do: "link.set", netns, name: free.name, set: { master: null }, was });
  link.fact = free;
}

function stateDiff(wish: LinkState, fact: LinkFact): LinkState | undefined {
  const { up, mtu, mac, master, alias, altNames, addrGenMode, port } = wish;
  const moves = master !== undefined && (master ?? undefined) !== fact.master;
  const portKeys = moves && port !== undefined ? Object.keys(port) : differingKeys(port, fact.port);
  const set = only({
    up: up === fact.up ? undefined : up,
    mtu: mtu === fact.mtu ? undefined : mtu,
    mac: mac === fact.mac ? undefined : mac,
    master: moves ? master : undefined,
    alias: alias === (fact.alias ?? "") ? undefined : alias,
    altNames: altNames !== undefined && !sameSet(altNames, fact.altNames ?? []) ? altNames : undefined,
    addrGenMode: addrGenMode === fact.addrGenMode ? undefined : addrGenMode,
    port: portKeys.length > 0 ? pick(port ?? {}, portKeys) : undefined,
  }) as LinkState;
  return Object.keys(set).length > 0 ? set : undefined;
}

function stateWas(set: LinkState, fact: LinkFact): LinkState {
  return only({
    up: set.up === undefined ? undefined : fact.up,
    mtu: set.mtu === undefined ? undefined : fact.mtu,
    mac: set.mac === undefined ? undefined : fact.mac,
    master: set.master === undefined ? undefined : (fact.master ?? null),
    alias: set.alias === undefined ? undefined : (fact.alias ?? ""),
    altNames: set.altNames === undefined ? undefined : (fact.altNames ?? []),
    addrGenMode: set.addrGenMode === undefined ? undefined : fact.addrGenMode,
    // With another master all options of the port are new ones.
    port:
      set.master === undefined
        ? fact.port && set.port && pick(fact.port, Object.keys(set.port))
        : portSettings(fact.port),
  }) as LinkState;
}

function pick(from: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(from).filter(([key]) => keys.includes(key)));
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}
