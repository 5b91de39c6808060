import type { LinkFact, LinkSpec, NetnsFacts, Op, RouteSpec } from "../change/index.ts";
import { OpError } from "../kernel/index.ts";
import { IP6_TNL_F } from "../rtnl/index.ts";
import {
  type IfName,
  type Ip,
  type Mac,
  type Prefix,
  familyOf,
  isLinkLocal,
  networkOf,
  parseIfName,
  parseIp,
  parseMac,
  parsePrefix,
  prefixIp,
} from "../values/index.ts";
import { PodsError } from "./error.ts";
import { type Job, NODE } from "./job.ts";
import { requireLink } from "./link.ts";
import { type OverlayType, overlayNames, overlayTypes, tunnelName } from "./overlay-name.ts";
import { OWNER, isOurs } from "./owner.ts";
import { defaultRoute, planNodeRoutes, specOf } from "./routes.ts";
import { freshSysctlOps, undetected } from "./sysctls.ts";

/** A node as the overlay sees it. */
export interface OverlayNode {
  readonly number: number;
  /** Its address between the nodes. */
  readonly underlay: Ip;
  /** The networks of its pods. */
  readonly nets: readonly Prefix[];
}

export interface OverlayWish {
  readonly type: OverlayType;
  /** The interface between the nodes. */
  readonly device: string;
  readonly own: OverlayNode;
  readonly peers: readonly OverlayNode[];
  /** What packets that the node itself sends come from, where it has that address. */
  readonly source?: Ip;
}

/** What a frame grows by on an IPv6 underlay, bytes: an IPv6 header, and for VXLAN UDP, VXLAN and Ethernet headers too. */
const overheads: Readonly<Record<OverlayType, number>> = { ip6tnl: 40, vxlan: 70, "vxlan-classic": 70 };
const VNI = 100;
const VXLAN_PORT = 4789;
/** IPPROTO_* of what is carried: both IPv4 and IPv6. */
const ANY = 0;

/** ip6tnl has a device for each other node where their addresses are those of a link: a route cannot say of which. */
function isPerNode({ type, own }: OverlayWish): boolean {
  return type === "ip6tnl" && isLinkLocal(own.underlay);
}

/** Where packets to another node's pods leave. */
function deviceTo(wish: OverlayWish, number: number): IfName {
  return parseIfName(isPerNode(wish) ? tunnelName(number) : overlayNames[wish.type]);
}

/** The overlay's devices. */
export function overlayDevices(wish: OverlayWish, underlayMtu: number): readonly LinkSpec[] {
  const { type, own, device, peers } = wish;
  const common = { name: parseIfName(overlayNames[type]), mtu: underlayMtu - overheads[type], alias: OWNER };
  switch (type) {
    case "ip6tnl":
      if (!isPerNode(wish)) return [{ ...common, kind: "ip6tnl", data: { collectMetadata: true } }];
      return peers.map(({ number, underlay: remote }): LinkSpec => {
        // Without the option that limits nesting (RFC 2473 section 4.1.1), which would take 8 bytes of every packet.
        const data = { local: own.underlay, remote, proto: ANY, ttl: 64, flags: IP6_TNL_F.IGN_ENCAP_LIMIT };
        return { ...common, name: deviceTo(wish, number), kind: "ip6tnl", lower: parseIfName(device), data };
      });
    case "vxlan":
      // UDP checksums are left out where the route decides (RFC 6935), so the receiver must take datagrams without one.
      return [
        {
          ...common,
          kind: "vxlan",
          mac: macOf(own.number),
          data: { collectMetadata: true, port: VXLAN_PORT, udpZeroCsum6Rx: true },
        },
      ];
    case "vxlan-classic":
      return [
        {
          ...common,
          kind: "vxlan",
          mac: macOf(own.number),
          lower: parseIfName(device),
          data: { id: VNI, ...localOf(own.underlay), port: VXLAN_PORT, learning: false },
        },
      ];
    default:
      return type satisfies never;
  }
}

const localOf = (ip: Ip) => (familyOf(ip) === 6 ? { local6: ip } : { local: ip });

/** Each end has another MAC address: a frame with the receiver's own as source counts as a loop. */
function macOf(node: number): Mac {
  const [high, low] = [node >> 8, node & 0xff].map((byte) => byte.toString(16).padStart(2, "0"));
  return parseMac(`02:00:00:00:${high}:${low}`);
}

/** A node's next hops inside the overlay; they are never seen between the nodes. */
function hopOf(node: number): Readonly<Record<4 | 6, Ip>> {
  return { 4: parseIp(`10.255.${node >> 8}.${node & 0xff}`), 6: parseIp(`fd55::${node.toString(16)}`) };
}

const own = (ip: Ip): Prefix => parsePrefix(`${ip}/${familyOf(ip) === 4 ? 32 : 128}`);

/** Routes to the pods of other nodes. */
export function overlayRoutes(wish: OverlayWish): readonly RouteSpec[] {
  const { type, peers, source } = wish;
  return peers.flatMap(({ number, underlay, nets }) =>
    nets.flatMap((net): RouteSpec[] => {
      const dev = deviceTo(wish, number);
      const family = familyOf(net);
      const dst = networkOf(net);
      const src = source !== undefined && familyOf(source) === family ? { src: source } : {};
      const via = hopOf(number)[family];
      const encap = { type: "ip6", dst: underlay } as const;
      if (isPerNode(wish)) return [{ dst, dev, ...src }];
      if (type === "ip6tnl") return [{ dst, dev, encap, ...src }];
      if (type === "vxlan") {
        return [{ dst, via, dev, onlink: true, encap: { ...encap, id: BigInt(VNI) }, ...src }];
      }
      // The way to the next hop is the way back for what the other node itself sends.
      return [
        { dst: own(via), dev },
        { dst, via, dev, onlink: true },
      ];
    }),
  );
}

/**
 * Who answers for the next hops. The kernel does not find out by itself: neighbour solicitations do not take over where the route
 * sends its packets.
 */
function neighbourOps({ type, peers, device }: OverlayWish, facts: NetnsFacts): Op[] {
  if (type === "ip6tnl") return [];
  const dev = parseIfName(overlayNames[type]);
  return peers.flatMap(({ number, underlay, nets }): Op[] => {
    const mac = macOf(number);
    const families = new Set(nets.map((net) => familyOf(net)));
    const neighs = [...families].map((family) => ({ dev, ip: hopOf(number)[family], mac }));
    const missing = neighs.filter(
      ({ ip }) => !facts.neighs.some((one) => one.dev === dev && one.ip === ip && one.mac === mac),
    );
    const there = facts.fdb.some((one) => one.dev === dev && one.mac === mac && one.dst === underlay);
    const link = isLinkLocal(underlay) ? { via: parseIfName(device) } : {};
    const entry = { do: "fdb.put", netns: NODE, fdb: { dev, mac, dst: underlay, ...link } } as const;
    return [
      ...(type === "vxlan" || there ? [] : [entry]),
      ...missing.map((neigh): Op => ({ do: "neigh.put", netns: NODE, neigh })),
    ];
  });
}

/** Own addresses inside the classic overlay: what the node itself sends comes from them. */
function hopAddrs({ type, own: { number, nets } }: OverlayWish, there: LinkFact | undefined): Op[] {
  if (type !== "vxlan-classic") return [];
  const dev = parseIfName(overlayNames[type]);
  const hop = hopOf(number);
  return [...new Set(nets.map((net) => familyOf(net)))].flatMap((family): Op[] => {
    const prefix = own(hop[family]);
    if (there?.addrs.some((addr) => addr.prefix === prefix) === true) return [];
    return [{ do: "addr.add", netns: NODE, dev, addr: { prefix, ...(family === 6 && { noDad: true }) } }];
  });
}

/**
 * Joins this node to others by an overlay, and gives the default routes of pods the overlay's MTU, so that no packet is too long for
 * it. @throws {PodsError} `missing`, `conflict`; {@link OpError} `unsupported` without the kernel's driver
 */
export function setupOverlay(job: Job, wish: OverlayWish, pods: readonly string[]): void {
  const underlay = requireLink(job, wish.device, `set up the overlay on ${wish.device}`);
  if (underlay.name === "lo")
    throw new PodsError(
      "conflict",
      "cannot set up the overlay on lo: it leads to no other node",
      "name another, like eth1",
    );
  const facts = job.kernel.facts({ namespaces: [NODE] }).get(NODE);
  if (facts === undefined) return;
  const thereOf = ({ name }: Pick<LinkSpec, "name">): LinkFact | undefined =>
    facts.links.find((link) => link.name === name);
  const devices = overlayDevices(wish, underlay.mtu);
  const hasSource = facts.links.some(({ addrs }) => addrs.some(({ prefix }) => prefixIp(prefix) === wish.source));
  const { source: _, ...unsourced } = wish;
  const [{ mtu } = {}] = devices;
  runOn(job, wish.type, [
    ...devices.flatMap((device) => deviceOps(thereOf(device), device)),
    ...hopAddrs(wish, thereOf({ name: parseIfName(overlayNames[wish.type]) })),
    ...neighbourOps(wish, facts),
    ...planNodeRoutes(facts.routes, overlayRoutes(hasSource ? wish : unsourced)),
    ...(mtu === undefined ? [] : podRoutes(job, pods, mtu)),
  ]);
}

function deviceOps(there: LinkFact | undefined, device: LinkSpec): Op[] {
  if (there !== undefined) {
    requireSame(there, device);
    return changes(there, device.mtu);
  }
  return [
    { do: "link.add", netns: NODE, link: device },
    ...(device.kind === "vxlan" ? freshSysctlOps(NODE, undetected(device.name)) : []),
    { do: "link.set", netns: NODE, name: device.name, set: { up: true }, was: { up: false } },
  ];
}

/** Says which types are left where the kernel does not have this one. @throws {OpError}, {@link PodsError} */
function runOn(job: Job, type: OverlayType, ops: readonly Op[]): void {
  try {
    job.run(ops);
  } catch (error) {
    if (!(error instanceof OpError) || error.code !== "unsupported") throw error;
    const others = overlayTypes.filter((one) => overlayNames[one] !== overlayNames[type]);
    const hint = `choose another type: ${others.map((one) => `--type=${one}`).join(" or ")}, the same on all nodes`;
    throw new PodsError("failed", error.message, hint, error);
  }
}

function changes({ name, up, mtu }: LinkFact, wanted: number | undefined): Op[] {
  const set = { ...(wanted !== undefined && mtu !== wanted && { mtu: wanted }), ...(!up && { up: true }) };
  if (Object.keys(set).length === 0) return [];
  return [{ do: "link.set", netns: NODE, name, set, was: { mtu, up } }];
}

/** What tells one overlay's device from another's, as far as it is asked for. */
interface TunnelData {
  readonly collectMetadata?: boolean;
  readonly remote?: Ip;
  readonly local?: Ip;
  readonly local6?: Ip;
}

/** @throws {PodsError} `conflict` */
function requireSame(there: LinkFact, device: LinkSpec): void {
  const [has, wanted] = [there.data, device.data].map((data) => (data ?? {}) as TunnelData);
  const isExternal = (data: TunnelData | undefined): boolean => data?.collectMetadata === true;
  const isSameType = isOurs(there.alias) && there.kind === device.kind && isExternal(has) === isExternal(wanted);
  const isSameEnd = (["remote", "local", "local6"] as const).every(
    (end) => wanted?.[end] === undefined || wanted[end] === has?.[end],
  );
  if (isSameType && isSameEnd) return;
  const what = isSameType
    ? "one between other addresses"
    : isOurs(there.alias)
      ? "an overlay of another type"
      : `a ${there.kind ?? "device"} that netloom did not make`;
  throw new PodsError(
    "conflict",
    `cannot make the overlay's device ${device.name}: this node has ${what} of that name`,
    `delete it first: ip link delete ${device.name}`,
  );
}

function podRoutes(job: Job, pods: readonly string[], mtu: number): Op[] {
  const there = [...job.kernel.owners(pods)].flatMap(([pod, owner]) => (owner === OWNER ? [pod] : []));
  return there.flatMap((pod) => {
    const routes = job.kernel.routes(pod);
    return ([4, 6] as const).flatMap((family): Op[] => {
      const route = defaultRoute(routes, family);
      if (route === undefined || route.mtu === mtu) return [];
      const was = specOf(route);
      return [{ do: "route.put", netns: pod, route: { ...was, mtu }, was }];
    });
  });
}
