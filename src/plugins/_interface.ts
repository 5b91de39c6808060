/** The container's interface gets what IPAM gave: addresses, then the link comes up, then routes. */
import type { AddrSpec, Op, RouteSpec } from "../change/index.ts";
import {
  type Call,
  CniError,
  HOST,
  type IpConfig,
  POD,
  type Result,
  type Route,
  type Work,
  codes,
} from "../cni/index.ts";
import { type IfName, type Ip, type Prefix, familyOf, lastOf, parseIfName, prefixLength } from "../values/index.ts";

export interface Configuring {
  readonly ifname: IfName;
  readonly ips: readonly IpConfig[];
  readonly routes: readonly Route[];
  /** Neighbours are told of the addresses when they become usable (gratuitous ARP, unsolicited neighbour advertisements). */
  readonly announce: boolean;
  /** Also of those that it gives itself later (IPv6). */
  readonly announceAll?: boolean;
  /** Detect duplicates: addresses can be used after about two seconds only. */
  readonly dad?: boolean;
  /** The kernel makes no routes to the addresses' prefixes. */
  readonly noPrefixRoute?: boolean;
  /** Loopback has IPv6 switched off. */
  readonly loopbackWithout6?: boolean;
}

/**
 * What is done to an interface that is down. Addresses come before it is set up, so that the kernel announces them then.
 * What IPAM allocated needs no duplicate address detection.
 */
export function planInterface(conf: Configuring): readonly Op[] {
  const { ifname, ips, routes } = conf;
  return [
    ...planSysctls(conf),
    ...ips.map(({ address }): Op => ({ do: "addr.add", netns: POD, dev: ifname, addr: addrOf(address, conf) })),
    upOp(ifname),
    ...routesOf(routes, ips, ifname).map((route): Op => ({ do: "route.put", netns: POD, route, prepend: true })),
  ];
}

export function upOp(ifname: IfName, netns: string = POD): Op {
  return { do: "link.set", netns, name: ifname, set: { up: true }, was: { up: false } };
}

function planSysctls({ ifname, ips, announce, announceAll = false, loopbackWithout6 }: Configuring): readonly Op[] {
  const set = (family: 4 | 6, key: string, value: string): Op => wish(POD, deviceSysctl(family, ifname, key), value);
  const six = ips.some(({ address }) => familyOf(address) === 6);
  return [
    ...(announce ? [set(4, "arp_notify", "1")] : []),
    ...(six && loopbackWithout6 ? [loopbackWith6] : []),
    ...(six ? [set(6, "disable_ipv6", "0"), set(6, "keep_addr_on_down", "1")] : []),
    ...((six && announce) || announceAll ? [set(6, "ndisc_notify", "1")] : []),
  ];
}

const loopbackWith6: Op = {
  do: "sysctl.set",
  netns: POD,
  key: deviceSysctl(6, "lo", "disable_ipv6"),
  value: "0",
  was: "1",
};

/** What containers are better off with, and do without where /proc/sys is read-only. */
export function wish(netns: string, key: string, value: string): Op {
  return { do: "sysctl.set", netns, key, value, wished: true };
}

/** Written with slashes: a device's name may have dots. */
export function deviceSysctl(family: 4 | 6, dev: string, key: string): string {
  return `net/ipv${family}/conf/${dev}/${key}`;
}

/** As `ip addr add PREFIX broadcast +`: from /31 on there is no broadcast address (RFC 3021). */
export function addrOf(
  prefix: Prefix,
  { dad = false, noPrefixRoute }: { readonly dad?: boolean; readonly noPrefixRoute?: boolean } = {},
): AddrSpec {
  const bare = noPrefixRoute === true ? { noPrefixRoute } : {};
  if (familyOf(prefix) === 6) return { prefix, ...(!dad && { noDad: true }), ...bare };
  return { prefix, ...(prefixLength(prefix) < 31 && { broadcast: lastOf(prefix) }), ...bare };
}

/** Each once: the kernel refuses to prepend what is there. */
function routesOf(routes: readonly Route[], ips: readonly IpConfig[], dev: IfName): readonly RouteSpec[] {
  const specs = routes.map((route) => routeOf(route, ips, dev));
  if (specs.length <= 1) return specs;
  const keyOf = ({ dst, via, table, metric }: RouteSpec) => [dst, via, table, metric].join(" ");
  return [...new Map(specs.map((spec) => [keyOf(spec), spec])).values()];
}

function routeOf(route: Route, ips: readonly IpConfig[], dev: IfName): RouteSpec {
  const { dst, mtu, advmss, priority, table, scope } = route;
  const via = viaOf(route, ips);
  return {
    dst,
    ...(via !== undefined && { via }),
    dev,
    ...(priority && { metric: priority }),
    ...(table && { table }),
    ...(mtu && { mtu }),
    ...(advmss && { advmss }),
    ...(scope !== undefined && { scope }),
  };
}

/** `RT_SCOPE_LINK` of linux/rtnetlink.h: from here on there is no gateway. */
const SCOPE_LINK = 253;
/** What the reference's dhcp says where there is none. */
const noGateways: readonly string[] = ["0.0.0.0", "::"];

/** A route that names no gateway goes by the first one of its family, if there is one, unless it is to end on the link. */
export function viaOf({ dst, gw, scope = 0 }: Route, ips: readonly IpConfig[]): Ip | undefined {
  if (scope >= SCOPE_LINK || (gw !== undefined && noGateways.includes(gw))) return undefined;
  return gw ?? ips.find(({ gateway }) => gateway !== undefined && familyOf(gateway) === familyOf(dst))?.gateway;
}

/** The addresses as the container's interface has them, number `place` of the result. */
export function placed(ips: readonly IpConfig[] | undefined, place: number): readonly IpConfig[] {
  return (ips ?? []).map((ip) => ({ ...ip, interface: place }));
}

/** CNI_IFNAME must be free (SPEC "ADD"): that is found out before anything is done. @throws {CniError} 101 */
export function freeIfName({ ifname, netns }: Call, { kernel }: Work): IfName {
  if (!kernel.hasLink(POD, ifname)) return parseIfName(ifname);
  throw new CniError(
    codes.exists,
    `cannot ADD: there is an interface ${ifname} in the container's namespace already`,
    `CNI_IFNAME=${ifname}, CNI_NETNS=${netns}: DEL the attachment that has it, or choose another name`,
  );
}

/** Whether loopback needs IPv6 switched on before the interface gets its IPv6 addresses. */
export function loopbackWithout6({ kernel }: Work, { ips }: Pick<Result, "ips">): boolean {
  if (!(ips ?? []).some(({ address }) => familyOf(address) === 6)) return false;
  return kernel.sysctl(POD, deviceSysctl(6, "lo", "disable_ipv6")) === "1";
}

/** Whether the kernel has IPv6 at all. */
export function hasIpv6(kernel: Work["kernel"]): boolean {
  return kernel.sysctl(HOST, deviceSysctl(6, "default", "accept_ra")) !== undefined;
}

/** The host's routes are its own: what a container advertises is not taken. */
export function silentRa(dev: IfName): Op {
  return wish(HOST, deviceSysctl(6, dev, "accept_ra"), "0");
}

/**
 * A device over which the host forwards, to which containers are routed. It can use its link-local address at once: the kernel asks
 * from that for the neighbours that forwarded packets go to (ndisc_solicit), and detection of duplicates would hold them up.
 */
export function routedRa(dev: IfName): readonly Op[] {
  return [silentRa(dev), wish(HOST, deviceSysctl(6, dev, "accept_dad"), "0")];
}

export const forwardings = { 4: "net.ipv4.ip_forward", 6: "net.ipv6.conf.all.forwarding" } as const;

/** The host forwards for the families of these addresses: it is asked first, since writing takes much longer. */
export function planForwarding(prefixes: readonly Prefix[], kernel: Pick<Work["kernel"], "sysctl">): readonly Op[] {
  const ops: Op[] = [];
  for (const family of [4, 6] as const) {
    if (!prefixes.some((prefix) => familyOf(prefix) === family)) continue;
    const key = forwardings[family];
    if (kernel.sysctl(HOST, key) === "0") ops.push({ do: "sysctl.set", netns: HOST, key, value: "1", was: "0" });
  }
  return ops;
}
