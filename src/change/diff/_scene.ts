import { type IfName, parseIfName } from "../../values/index.ts";
import { contradiction, taken } from "../error.ts";
import type { Facts, LinkFact, NetnsFacts } from "../facts.ts";
import type { LinkRef, NetnsName } from "../net.ts";
import type { LinkWish, NetnsWish, Wish } from "../wish.ts";
import { ownerOfAlias } from "../owner.ts";
import { devsOfRoute } from "../_route.ts";
import { Present } from "./_present.ts";
import { ruleKey } from "./_rules.ts";
import { withSwitch } from "./_switches.ts";

export const LOOPBACK = parseIfName("lo");

/** A wished namespace beside what is there of it. */
export interface Place {
  readonly wish: NetnsWish;
  readonly links: ReadonlyMap<IfName, LinkWish>;
  readonly fresh: boolean;
  readonly present: Present;
}

/** Wish and facts by name, so that nothing is searched for. */
export interface Scene {
  readonly owner: string;
  readonly places: ReadonlyMap<NetnsName, Place>;
  /** Namespaces of this owner that are no longer wished. */
  readonly gone: ReadonlyMap<NetnsName, NetnsFacts>;
  /** What is in them, once it was asked for. */
  readonly gonePresent: Map<NetnsName, Present>;
}

/** @throws {ConflictError} when a namespace is somebody else's, or two wishes exclude each other */
export function makeScene(wish: Wish, facts: Facts): Scene {
  const places = new Map<NetnsName, Place>();
  for (const given of wish.namespaces) {
    const { name } = given;
    const found = facts.get(name);
    if (found !== undefined && found.owner !== wish.owner) throw taken(name, found.owner, wish.owner);
    if (places.has(name)) throw contradiction(name, "it is wished twice", "merge the two or rename one");
    const { wish: netns, facts: fact } = withSwitch(given, found ?? bare(name, wish.owner));
    const links = new Map(netns.links.map((link) => [link.spec.name, link]));
    if (links.size < netns.links.length || links.has(LOOPBACK)) {
      const twice = netns.links.find((link) => links.get(link.spec.name) !== link)?.spec.name ?? LOOPBACK;
      throw contradiction(name, `two links are called ${twice}`, "rename one of them");
    }
    places.set(name, {
      wish: netns,
      links,
      fresh: found === undefined,
      present: new Present(found !== undefined && netns.shared === true ? ownPart(netns, fact, links) : fact),
    });
  }
  const gone = new Map([...facts].filter(([name, { owner }]) => owner === wish.owner && !places.has(name)));
  return { owner: wish.owner, places, gone, gonePresent: new Map() };
}

/** Of a shared namespace what is ours: links with our tag or a name we want, what stands on them, and what is wished. */
function ownPart({ rules = [] }: NetnsWish, fact: NetnsFacts, wanted: ReadonlyMap<IfName, LinkWish>): NetnsFacts {
  const isOwn = ({ name, alias }: LinkFact): boolean =>
    name === LOOPBACK || wanted.has(name) || (alias !== undefined && ownerOfAlias(alias) === fact.owner);
  const links = fact.links.filter(isOwn);
  const own = new Set(links.map(({ name }) => name));
  return {
    ...fact,
    links,
    routes: fact.routes.filter((route) => devsOfRoute(route).every((dev) => own.has(dev))),
    rules: fact.rules.filter((rule) => rules.some((wish) => ruleKey(wish) === ruleKey(rule))),
    neighs: fact.neighs.filter(({ dev }) => own.has(dev)),
    fdb: fact.fdb.filter(({ dev }) => own.has(dev)),
  };
}

/** What is in a namespace, be it wished or going. */
export function presentIn(scene: Scene, netns: NetnsName): Present | undefined {
  const known = scene.places.get(netns)?.present ?? scene.gonePresent.get(netns);
  const facts = scene.gone.get(netns);
  if (known !== undefined || facts === undefined) return known;
  const present = new Present(facts);
  // What stands on other links goes with the namespace, whatever becomes of those.
  for (const { name, lower, kind } of facts.links)
    if (lower !== undefined && kind !== "veth") present.loseLink(name, false);
  scene.gonePresent.set(netns, present);
  return present;
}

/**
 * The device below a link, where it is in another namespace: the wished one if that is it, else the only one of that number.
 * Our kernels give no number twice; what others made may be ambiguous, and then there is no answer.
 */
export function lowerElsewhere(scene: Scene, netns: NetnsName, { name, lowerIndex }: LinkFact): LinkRef | undefined {
  if (lowerIndex === undefined) return undefined;
  const { lower, lowerNetns } = scene.places.get(netns)?.links.get(name)?.spec ?? {};
  const wished = lowerNetns === undefined ? undefined : scene.places.get(lowerNetns)?.present;
  if (lower !== undefined && lowerNetns !== undefined && wished?.links.get(lower)?.fact.index === lowerIndex) {
    return { netns: lowerNetns, name: lower };
  }
  const others = [...scene.places.keys(), ...scene.gone.keys()].filter((place) => place !== netns);
  const found = others.flatMap((place) =>
    [...(presentIn(scene, place)?.links.values() ?? [])].flatMap(({ fact }) =>
      fact.index === lowerIndex && fact.name !== LOOPBACK ? [{ netns: place, name: fact.name }] : [],
    ),
  );
  return found.length === 1 ? found[0] : undefined;
}

/** The wished link at the other end of a veth. @throws {ConflictError} when the ends do not name each other */
export function otherEnd(scene: Scene, netns: NetnsName, { spec }: LinkWish): { ref: LinkRef; link: LinkWish } {
  const ref = spec.peer;
  const link = ref && scene.places.get(ref.netns)?.links.get(ref.name);
  const back = link?.spec.peer;
  if (ref !== undefined && link !== undefined && back?.netns === netns && back.name === spec.name) return { ref, link };
  const other =
    ref === undefined ? "no other end" : `the other end ${ref.netns}/${ref.name}, which is not wished as its peer`;
  throw contradiction(netns, `veth ${spec.name} has ${other}`, "let both ends name each other");
}

/** What `netns.create` leaves: loopback, up. */
function bare(name: NetnsName, owner: string): NetnsFacts {
  const lo: LinkFact = {
    name: LOOPBACK,
    up: true,
    carrier: true,
    operState: "unknown",
    mtu: 65536,
    index: 1,
    addrs: [],
    alias: owner,
  };
  return { name, owner, sysctls: {}, links: [lo], routes: [], rules: [], neighs: [], fdb: [] };
}
