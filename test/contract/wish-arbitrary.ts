import fc from "fast-check";
import type { AddrSpec, LinkSpec, LinkWish, NetnsWish, RouteSpec, Wish } from "../../src/change/index.ts";
import { familyOf, prefixIp } from "../../src/values/index.ts";
import { addr, ifname, ip, mac, route, vxlan, wishOf } from "./wishes.ts";

const names = ["l0", "l1", "l2", "l3"];
const places = ["n0", "n1", "n2"];

/** Raw numbers for one link; `build` makes of them something that a kernel accepts. */
const rawLink = fc.record({
  kind: fc.constantFrom("none", "bridge", "veth", "veth", "vxlan", "macvlan", "ifb"),
  up: fc.constantFrom(true, true, true, false, undefined),
  mtu: fc.constantFrom(undefined, 1400, 1450),
  mac: fc.constantFrom(undefined, 1, 2),
  alias: fc.constantFrom(undefined, "a", "b"),
  altNames: fc.constantFrom(undefined, [], ["x"], ["x", "y"]),
  master: fc.nat(3),
  isolated: fc.constantFrom(undefined, true, false),
  stp: fc.constantFrom(undefined, 0, 1),
  v4: fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }),
  v6: fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
  neigh: fc.constantFrom(undefined, 1, 2),
  fdb: fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
  rate: fc.constantFrom(undefined, undefined, 1000, 2000),
  routes: fc.uniqueArray(fc.constantFrom("default", "6", "direct", "onlink", "src", "metric"), { maxLength: 3 }),
});
type RawLink = typeof rawLink extends fc.Arbitrary<infer T> ? T : never;

const rawNetns = fc.record({
  there: fc.constantFrom(true, true, true, false),
  links: fc.tuple(rawLink, rawLink, rawLink, rawLink),
  loopback: fc.constantFrom(undefined, "192.0.2.1/32"),
  forward: fc.constantFrom(undefined, "0", "1"),
  blackhole: fc.boolean(),
  rule: fc.constantFrom(undefined, 1, 2),
});
type RawNetns = typeof rawNetns extends fc.Arbitrary<infer T> ? T : never;

/** Any wish for up to three namespaces with up to four links each. Pairs of veths are drawn across all of them. */
export const anyWish: fc.Arbitrary<Wish> = fc
  .tuple(fc.tuple(rawNetns, rawNetns, rawNetns), fc.array(fc.nat(11), { minLength: 12, maxLength: 12 }))
  .map(([raw, shuffle]) => build(raw, shuffle));

interface Slot {
  readonly place: number;
  readonly number: number;
}

function build(raw: readonly RawNetns[], shuffle: readonly number[]): Wish {
  const slots = raw.flatMap(({ there, links }, place) =>
    there ? links.flatMap(({ kind }, number) => (kind === "veth" ? [{ place, number }] : [])) : [],
  );
  slots.sort((a, b) => (shuffle[a.place * 4 + a.number] ?? 0) - (shuffle[b.place * 4 + b.number] ?? 0));
  const peers = new Map<string, Slot>();
  for (let i = 0; i + 1 < slots.length; i += 2) {
    const [a, b] = [slots[i], slots[i + 1]] as [Slot, Slot];
    peers.set(`${a.place}/${a.number}`, b).set(`${b.place}/${b.number}`, a);
  }
  const namespaces = raw.flatMap((netns, place) => (netns.there ? [buildNetns(netns, place, peers)] : []));
  return wishOf(...namespaces.map((netns) => withGuests(netns, namespaces)));
}

/** Some macvlans stand on a device of another namespace. */
function withGuests(netns: NetnsWish, all: readonly NetnsWish[]): NetnsWish {
  const hosts = all.filter(({ name }) => name !== netns.name).toReversed();
  const links = netns.links.map((link): LinkWish => {
    const { spec } = link;
    if (spec.kind !== "macvlan" || spec.alias !== "a") return link;
    for (const { name: lowerNetns, links: others } of hosts) {
      const lower = others.find((other) => isGround(other.spec))?.spec.name;
      if (lower !== undefined) return { ...link, spec: { ...spec, lower, lowerNetns } };
    }
    return link;
  });
  return { ...netns, links };
}

const isGround = ({ kind, master }: LinkSpec): boolean =>
  master === undefined && (kind === "bridge" || kind === "veth" || kind === "ifb");

function buildNetns(raw: RawNetns, place: number, peers: ReadonlyMap<string, Slot>): NetnsWish {
  const kinds = raw.links.map(({ kind }, number) =>
    kind === "veth" && !peers.has(`${place}/${number}`) ? "ifb" : kind,
  );
  const lowers = raw.links.map(({ master }, number) => {
    const lower = names.findIndex(
      (_, other) => other !== number && ["bridge", "veth", "ifb"].includes(kinds[other] ?? ""),
    );
    return kinds[number] === "macvlan" && lower >= 0 ? lower : kinds[number] === "vxlan" && master === 3 ? lower : -1;
  });
  const links = raw.links.flatMap((link, number) => {
    const kind = kinds[number] === "macvlan" && lowers[number] === -1 ? "ifb" : (kinds[number] ?? "none");
    if (kind === "none") return [];
    const master = names[link.master % 4];
    const isPort =
      kind !== "bridge" &&
      kinds[link.master] === "bridge" &&
      !lowers.includes(number) &&
      lowers[number] !== link.master;
    const state = {
      name: ifname(names[number] ?? ""),
      ...(link.up !== undefined && { up: link.up }),
      ...(link.mtu !== undefined && kind !== "macvlan" && kind !== "vxlan" && { mtu: link.mtu }),
      ...(link.mac !== undefined && { mac: mac(`02:00:00:00:0${number}:0${link.mac}`) }),
      ...(link.alias !== undefined && { alias: link.alias }),
      ...(link.altNames !== undefined && { altNames: link.altNames.map((alt) => `${alt}-l${number}`) }),
      ...(isPort && {
        master: ifname(master ?? ""),
        ...(link.isolated !== undefined && { port: { isolated: link.isolated } }),
      }),
    };
    return [linkWish(specOf(kind, state, link, number, place, names[lowers[number] ?? -1], peers), link, number)];
  });
  return {
    name: places[place] ?? "",
    links,
    ...(raw.loopback !== undefined && { loopback: { state: {}, addrs: [addr(raw.loopback)] } }),
    ...(raw.forward !== undefined && { sysctls: { "net.ipv4.ip_forward": raw.forward } }),
    ...(raw.rule !== undefined && { rules: [{ family: 4, priority: 100, table: raw.rule }] }),
    ...restOf(raw, links),
  };
}

type State = Omit<LinkSpec, "kind" | "data" | "lower" | "peer">;

function specOf(
  kind: string,
  state: State,
  raw: RawLink,
  number: number,
  place: number,
  lower: string | undefined,
  peers: ReadonlyMap<string, Slot>,
): LinkSpec {
  const peer = peers.get(`${place}/${number}`);
  if (kind === "bridge") return { ...state, kind, ...(raw.stp !== undefined && { data: { stpState: raw.stp } }) };
  if (kind === "vxlan") {
    const data = { id: 10 + number, port: 4789, ...(raw.stp === 1 && { group: ip("10.99.0.1") }) };
    return vxlan(state.name, 0, { ...state, data, ...(lower !== undefined && { lower: ifname(lower) }) });
  }
  if (kind === "macvlan")
    return { ...state, kind, lower: ifname(lower ?? ""), data: { mode: raw.stp === 1 ? "private" : "bridge" } };
  if (kind === "veth" && peer !== undefined) {
    return { ...state, kind, peer: { netns: places[peer.place] ?? "", name: ifname(names[peer.number] ?? "") } };
  }
  return { ...state, kind: "ifb" };
}

function linkWish(spec: LinkSpec, raw: RawLink, number: number): LinkWish {
  const addrs: AddrSpec[] = [
    ...raw.v4.map((host) => addr(`10.0.${number}.${host}/24`)),
    ...raw.v6.map((host) => addr(`fd00:${number}::${host}/64`)),
  ];
  const { rate } = raw;
  return {
    spec,
    ...(addrs.length > 0 && { addrs }),
    ...(rate !== undefined && { qdisc: { kind: "tbf", rate, burst: 10_000, latency: 50_000 } }),
  };
}

function restOf(raw: RawNetns, links: readonly LinkWish[]): Pick<NetnsWish, "routes" | "neighs" | "fdb"> {
  const routes = new Map<string, RouteSpec>();
  const sources = links.flatMap(({ addrs = [] }) => addrs.map((one) => prefixIp(one.prefix)));
  for (const { spec, addrs = [] } of links) {
    const number = names.indexOf(spec.name);
    if (spec.up !== true) continue;
    const has = (family: 4 | 6) => addrs.some((one) => familyOf(one.prefix) === family);
    for (const what of raw.links[number]?.routes ?? []) {
      const source = sources.find((source) => familyOf(source) === 4);
      const text = {
        default: has(4) && `default via 10.0.${number}.9`,
        "6": has(6) && `default via fd00:${number}::9`,
        direct: `10.5.${number}.0/24 dev ${spec.name}`,
        onlink: `10.6.0.0/16 via 192.0.2.9 dev ${spec.name} onlink`,
        src: source !== undefined && `10.7.0.0/16 dev ${spec.name} src ${source}`,
        metric: has(4) && `default via 10.0.${number}.8 metric ${number + 1}`,
      }[what];
      if (typeof text === "string")
        routes.set(text.includes("metric") ? text : text.split(" ")[0] + String(what === "6"), route(text));
    }
  }
  if (raw.blackhole) routes.set("blackhole", route("blackhole 10.8.0.0/16"));
  const neighs = links.flatMap(({ spec }) => {
    const number = names.indexOf(spec.name);
    const last = raw.links[number]?.neigh;
    return last === undefined
      ? []
      : [{ dev: spec.name, ip: ip(`10.0.${number}.77`), mac: mac(`02:00:00:00:07:0${last}`) }];
  });
  const fdb = links.flatMap(({ spec }) =>
    spec.kind !== "vxlan"
      ? []
      : (raw.links[names.indexOf(spec.name)]?.fdb ?? []).map((last, i) => ({
          dev: spec.name,
          mac: mac(i === 0 ? "02:00:00:00:09:01" : "00:00:00:00:00:00"),
          dst: ip(`10.98.0.${last}`),
        })),
  );
  return { routes: [...routes.values()], neighs, fdb };
}
