import type { IfName } from "../../values/index.ts";
import { differingKeys } from "../_equal.ts";
import type { LinkFact } from "../facts.ts";
import type { LinkRef, LinkSpec, NetnsName } from "../net.ts";
import type { LinkWish } from "../wish.ts";
import { LOOPBACK, type Place, type Scene, otherEnd } from "./_scene.ts";

/** Devices that the kernel puts into every namespace when a tunnel module is loaded; they cannot be deleted. */
const fallbacks: ReadonlySet<string> = new Set([
  "erspan0",
  "gre0",
  "gretap0",
  "ip6_vti0",
  "ip6gre0",
  "ip6tnl0",
  "ip_vti0",
  "sit0",
  "tunl0",
]);

/** Kinds whose hardware address the kernel does not change (no `ndo_set_mac_address`). */
const fixedMac: ReadonlySet<string> = new Set(["gre", "ifb", "ip6gre", "ip6tnl", "ipip", "sit"]);

/** A link that is there and has to go, for good or to be made anew. */
export interface Doomed extends LinkRef {
  readonly fact: LinkFact;
  /** Why it is made anew; absent when it is not wished. */
  readonly why?: string;
  /** The other end of a veth, which goes with it, when it is among what is known. */
  peer?: Doomed;
  /** Its namespace goes as a whole. */
  readonly withNetns?: boolean;
}

/**
 * Every link that has to go, those above a doomed one included. By namespace and name, in the order of the wish. Of namespaces
 * that go, links on devices of others: the kernel takes its time with a namespace, and till then they are in the way of what
 * takes their place there.
 */
export function findDoomed(scene: Scene): Map<NetnsName, Map<IfName, Doomed>> {
  const doomed = new Map<NetnsName, Map<IfName, Doomed>>();
  for (const [netns, place] of scene.places) {
    const here = new Map<IfName, Doomed>();
    for (const { fact } of place.present.links.values()) {
      const wish = place.links.get(fact.name);
      const why = wish === undefined ? undefined : whyAnew(scene, netns, wish, fact);
      const stays = wish === undefined ? isKept(fact) : why === undefined;
      if (!stays) here.set(fact.name, { netns, name: fact.name, fact, ...(why !== undefined && { why }) });
    }
    if (here.size > 0) {
      addUppers(place, netns, here);
      doomed.set(netns, here);
    }
  }
  for (const { name: netns, links } of scene.gone.values()) {
    const guests = links.filter(({ lowerIndex }) => lowerIndex !== undefined);
    if (guests.length > 0)
      doomed.set(netns, new Map(guests.map((fact) => [fact.name, { netns, name: fact.name, fact }])));
  }
  if (doomed.size > 0) {
    while (addUppersElsewhere(scene, doomed));
    joinPeers(scene, doomed);
  }
  return doomed;
}

function isKept({ name, kind }: LinkFact): boolean {
  return name === LOOPBACK || kind === undefined || fallbacks.has(name);
}

/** What about the link cannot be changed while it exists; nothing when it can stay. */
function whyAnew(scene: Scene, netns: NetnsName, wish: LinkWish, fact: LinkFact): string | undefined {
  const { spec } = wish;
  if (fact.kind !== spec.kind) return `is ${fact.kind ?? "no virtual link"}, shall be ${spec.kind}`;
  if (staysMute(spec, fact)) return "has no link-local address, shall make one";
  if (spec.kind === "veth") {
    const { ref, link } = otherEnd(scene, netns, wish);
    const other = scene.places.get(ref.netns)?.present.links.get(ref.name)?.fact;
    const joined =
      other?.kind === "veth" && other.index === fact.peerIndex && other.peerIndex === fact.index && other !== fact;
    if (!joined) return `is not connected to ${ref.netns}/${ref.name}`;
    return staysMute(link.spec, other) ? `${ref.netns}/${ref.name}, its other end, goes` : undefined;
  }
  const elsewhere = whyNotOnLower(scene, netns, spec, fact);
  if (elsewhere !== undefined) return elsewhere;
  if (fixedMac.has(spec.kind) && spec.mac !== undefined && spec.mac !== fact.mac)
    return `mac ${fact.mac} → ${spec.mac}`;
  const keys = differingKeys(spec.data, fact.data);
  if (keys.length === 0) return undefined;
  const data = { found: (fact.data ?? {}) as Data, wanted: (spec.data ?? {}) as Data };
  return keys.map((key) => `${key} ${show(data.found[key])} → ${show(data.wanted[key])}`).join(", ");
}

/** Whether it has no link-local address and makes none when it is told to now, for it is up (inet6_set_link_af of net/ipv6/addrconf.c). */
function staysMute(spec: LinkSpec, fact: LinkFact): boolean {
  return fact.up && fact.addrGenMode === "none" && spec.addrGenMode === "eui64";
}

function whyNotOnLower(
  scene: Scene,
  netns: NetnsName,
  { lower, lowerNetns = netns }: LinkSpec,
  fact: LinkFact,
): string | undefined {
  if (lower === undefined) return undefined;
  if (lowerNetns === netns) {
    return lower === fact.lower ? undefined : `is on ${fact.lower ?? "no device"}, shall be on ${lower}`;
  }
  const place = scene.places.get(lowerNetns);
  // What is in a namespace that is not wished is not known here.
  if (place === undefined) return undefined;
  const wanted = place.present.links.get(lower)?.fact.index;
  return wanted !== undefined && wanted === fact.lowerIndex ? undefined : `is not on ${lowerNetns}/${lower}`;
}

type Data = Readonly<Record<string, unknown>>;

function show(value: unknown): string {
  if (value === undefined) return "unset";
  return typeof value === "object" ? JSON.stringify(value) : String(value as string | number | boolean | bigint);
}

/** Links on top of a doomed one would be taken along by the kernel: they are deleted before it, by name. */
function addUppers({ present, links }: Place, netns: NetnsName, here: Map<IfName, Doomed>): void {
  const uppers = new Map<IfName, LinkFact[]>();
  for (const { fact } of present.links.values()) {
    if (fact.lower === undefined || fact.kind === "veth") continue;
    const list = uppers.get(fact.lower);
    if (list === undefined) uppers.set(fact.lower, [fact]);
    else list.push(fact);
  }
  // A map's iterator also visits what is added meanwhile.
  for (const lower of here.keys()) {
    for (const fact of uppers.get(lower) ?? []) {
      if (here.has(fact.name)) continue;
      const why = links.has(fact.name) ? { why: `${lower} below it goes` } : {};
      here.set(fact.name, { netns, name: fact.name, fact, ...why });
    }
  }
}

/** The same for links on top of a doomed one of another namespace; `false` when there are no more. */
function addUppersElsewhere(scene: Scene, doomed: Map<NetnsName, Map<IfName, Doomed>>): boolean {
  let found = false;
  for (const [netns, place] of scene.places) {
    const here = doomed.get(netns) ?? new Map<IfName, Doomed>();
    const before = here.size;
    for (const { spec } of place.wish.links) {
      const { name, lower, lowerNetns = netns } = spec;
      if (lower === undefined || lowerNetns === netns || here.has(name)) continue;
      const fact = place.present.links.get(name)?.fact;
      if (fact === undefined || doomed.get(lowerNetns)?.has(lower) !== true) continue;
      here.set(name, { netns, name, fact, why: `${lowerNetns}/${lower} below it goes` });
    }
    if (here.size === before) continue;
    addUppers(place, netns, here);
    doomed.set(netns, here);
    found = true;
  }
  return found;
}

/**
 * Finds who is whose other end among the doomed veths: each has the other's number. Our kernels give no number twice;
 * between links that others made two pairs may look alike, and then a match may be wrong.
 */
function joinPeers(scene: Scene, doomed: Map<NetnsName, Map<IfName, Doomed>>): void {
  const ends: Doomed[] = [];
  for (const here of doomed.values()) for (const end of here.values()) if (end.fact.kind === "veth") ends.push(end);
  if (ends.length === 0) return;
  for (const { name: netns, links } of scene.gone.values()) {
    for (const fact of links) if (fact.kind === "veth") ends.push({ netns, name: fact.name, fact, withNetns: true });
  }
  const waiting = new Map<string, Doomed[]>();
  for (const end of ends) {
    const { index, peerIndex } = end.fact;
    if (peerIndex === undefined) continue;
    const others = waiting.get(`${peerIndex}/${index}`);
    const at = others?.findIndex((other) => !(other.withNetns && end.withNetns)) ?? -1;
    const other = others?.[at];
    if (other !== undefined) {
      others?.splice(at, 1);
      other.peer = end;
      end.peer = other;
      continue;
    }
    const key = `${index}/${peerIndex}`;
    const list = waiting.get(key);
    if (list === undefined) waiting.set(key, [end]);
    else list.push(end);
  }
}
