import type { LinkFact, LinkSpec, LinkState, OpOf } from "../change/index.ts";
import { familyOf, parseMac, prefixIp, stableMac } from "../values/index.ts";
import type { IfName } from "../values/index.ts";
import { type MemoryLink, type MemoryNetns, loopback } from "./_memory-netns.ts";
import { refuse } from "./_memory-refusal.ts";

const anyMac = parseMac("00:00:00:00:00:00");
const minMtu = 68;
/** What a port of a bridge is at first (`br_add_if`), as far as labs care. */
const portDefaults = { hairpin: false, isolated: false, learning: true, flood: true } as NonNullable<LinkFact["port"]>;

/** RTM_NEWLINK for a link that is not there, and what has to follow it. */
export function addLink(
  netns: MemoryNetns,
  { link, peer }: OpOf<"link.add">,
  peerNetns: MemoryNetns | undefined,
  lowerNetns = netns,
): void {
  netns.mustBeFree(link.name);
  const lower = link.lower === undefined ? undefined : lowerNetns.link(link.lower);
  if (link.master) netns.link(link.master);
  if (lower !== undefined && link.kind === "macvlan" && lower.fact.master !== undefined) {
    refuse("EBUSY", `${lower.fact.name} has a master`);
  }
  if (lower !== undefined && link.kind === "macvlan") mustShare(lower, link.data?.mode === "passthru");
  if (link.lower !== undefined && link.lower === link.master && lowerNetns === netns)
    refuse("EBUSY", `${link.lower} is below ${link.name}`);
  if (link.kind === "vxlan") vniMustBeFree(netns, link);
  if (link.kind !== "veth") {
    setLink(birth(netns, link, lower), link, true);
    return;
  }
  const other = peer ?? (link.peer && ({ name: link.peer.name, kind: "veth" } as LinkSpec));
  if (other === undefined || peerNetns === undefined) refuse("EINVAL", `veth ${link.name} has no other end`);
  peerNetns.mustBeFree(other.name);
  if (peerNetns === netns && other.name === link.name) refuse("EEXIST", `both ends are called ${link.name}`);
  const there = birth(peerNetns, other, undefined);
  const here = birth(netns, link, undefined);
  here.peer = there;
  there.peer = here;
  const { up: _, ...silent } = other;
  setLink(there, silent);
  setLink(here, link);
}

function birth(
  netns: MemoryNetns,
  { name, kind, data, lower: lowerName }: LinkSpec,
  lower: MemoryLink | undefined,
): MemoryLink {
  const mtu = lower === undefined ? 1500 : lower.fact.mtu - (kind === "vxlan" ? 50 : 0);
  const link = netns.make({
    name,
    kind,
    up: false,
    mtu,
    mac: anyMac,
    ...(data !== undefined && kind !== "veth" && { data: data as NonNullable<LinkFact["data"]> }),
    ...(lowerName !== undefined &&
      (lower === undefined || lower.netns === netns ? { lower: lowerName } : { lowerIndex: lower.index })),
    addrGenMode: "eui64",
    txQueueLen: 1000,
  });
  lower?.uppers.add(link);
  link.fact = { ...link.fact, mac: stableMac(`${netns.name}/${name}/${link.index}`) };
  const remote = kind === "vxlan" ? (data?.group ?? data?.group6) : undefined;
  if (remote !== undefined) netns.fdb.set(`${name} ${anyMac} ${remote}`, { dev: name, mac: anyMac, dst: remote });
  return link;
}

/** A macvlan in passthru has its device for itself (macvlan_common_newlink). */
function mustShare({ fact: { name }, uppers }: MemoryLink, alone: boolean): void {
  const others = [...uppers].flatMap(({ netns, fact }) =>
    fact.kind === "macvlan" && netns.links.get(fact.name)?.fact === fact ? [fact] : [],
  );
  const isTaken = others.some(({ data }) => (data as { readonly mode?: string } | undefined)?.mode === "passthru");
  if (isTaken || (alone && others.length > 0)) refuse("EINVAL", `${name} has another macvlan`);
}

function vniMustBeFree(netns: MemoryNetns, link: LinkSpec): void {
  if (link.kind !== "vxlan") return;
  const twin = (data: LinkFact["data"]) => {
    const other = data as { readonly id?: number; readonly port?: number; readonly local6?: string } | undefined;
    const own = link.data;
    return other?.id === own?.id && (other?.port ?? 8472) === (own?.port ?? 8472) && !other?.local6 === !own?.local6;
  };
  for (const { fact } of netns.links.values()) {
    if (fact.kind === "vxlan" && fact.lower === link.lower && twin(fact.data)) {
      refuse("EEXIST", `${fact.name} is a VXLAN device with the same VNI`);
    }
  }
}

/** Changes in place: down first, up last. */
export function setLink(link: MemoryLink, set: LinkState, isNew = false): void {
  const { netns } = link;
  const { name } = link.fact;
  const master = set.master ? netns.link(set.master) : undefined;
  if (master !== undefined && link.fact.kind === "bridge") refuse("ELOOP", "a bridge cannot be a port of a bridge");
  if (set.mtu !== undefined && set.mtu < minMtu) refuse("EINVAL", "mtu less than device minimum");
  if (set.mac !== undefined && link.fact.kind === "ifb" && !isNew) refuse("EOPNOTSUPP", "ifb keeps its address");
  for (const alt of set.altNames ?? []) if (!link.fact.altNames?.includes(alt)) netns.mustBeFree(alt);
  if (set.port !== undefined && (set.master === null || (set.master ?? link.fact.master) === undefined)) {
    refuse("EOPNOTSUPP", `${name} is no port`);
  }
  if (set.up === false && link.fact.up) {
    netns.flush(name);
    const lost = link.addrs.filter(({ prefix }) => familyOf(prefix) === 6);
    link.addrs = link.addrs.filter(({ prefix }) => familyOf(prefix) === 4);
    for (const { prefix } of lost) netns.loseSource(prefixIp(prefix));
  }
  if (set.mac !== undefined && set.mac !== link.fact.mac) netns.flushNeighs(name);
  const { master: _, port: __, alias: ___, altNames: ____, promisc: _____, allmulti: ______, ...kept } = link.fact;
  const port = set.master === undefined ? link.fact.port : set.master === null ? undefined : portDefaults;
  const after = { master: set.master === undefined ? link.fact.master : set.master };
  const alias = set.alias ?? link.fact.alias;
  const altNames = set.altNames ?? link.fact.altNames;
  link.fact = {
    ...kept,
    ...(set.up !== undefined && { up: set.up }),
    ...(set.mtu !== undefined && { mtu: set.mtu }),
    ...(set.mac !== undefined && { mac: set.mac }),
    ...(set.addrGenMode !== undefined && { addrGenMode: set.addrGenMode }),
    ...(set.txQueueLen !== undefined && { txQueueLen: set.txQueueLen }),
    ...((set.promisc ?? link.fact.promisc) && { promisc: true }),
    ...((set.allmulti ?? link.fact.allmulti) && { allmulti: true }),
    ...(alias && { alias }),
    ...(altNames?.length && { altNames }),
    ...(after.master && { master: after.master }),
    ...((port ?? set.port) && { port: { ...port, ...set.port } as NonNullable<LinkFact["port"]> }),
  };
}

/** The link goes, what stands on it and over it, and the other end of a veth. */
export function deleteLink(netns: MemoryNetns, name: IfName): void {
  const link = netns.link(name);
  if (name === loopback) refuse("EOPNOTSUPP", "loopback cannot be deleted");
  remove(link);
}

/** The link goes elsewhere, down and bare; what stands over it is deleted as the kernel does for a VLAN or macvlan. */
export function moveLink(netns: MemoryNetns, name: IfName, to: MemoryNetns, newName: IfName): void {
  const link = netns.link(name);
  if (name === loopback || link.fact.kind === "bridge") refuse("EINVAL", `${name} cannot leave its namespace`);
  to.mustBeFree(newName);
  leave(link);
  const { master: _, port: __, ...fact } = link.fact;
  link.fact = { ...fact, name: newName, up: false };
  link.addrs = [];
  link.vlans.clear();
  link.netns = to;
  to.links.set(newName, link);
}

export function remove(link: MemoryLink): void {
  const { netns, peer } = link;
  const { name } = link.fact;
  if (netns.links.get(name) !== link) return;
  leave(link);
  if (peer !== undefined) remove(peer);
}

/** Its namespace forgets it, and what stood on it. */
function leave(link: MemoryLink): void {
  const { netns } = link;
  const { name } = link.fact;
  netns.links.delete(name);
  netns.flush(name);
  for (const { prefix } of link.addrs) netns.loseSource(prefixIp(prefix));
  for (const [key, { dev }] of netns.fdb) if (dev === name) netns.fdb.delete(key);
  for (const upper of link.uppers) remove(upper);
  for (const other of netns.links.values()) {
    if (other.fact.master !== name) continue;
    const { master: _, port: __, ...free } = other.fact;
    other.fact = free;
  }
}
