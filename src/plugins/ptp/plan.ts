import type { Op } from "../../change/index.ts";
import { CniError, HOST, type IpConfig, POD, type Route, codes } from "../../cni/index.ts";
import {
  type IfName,
  type Ip,
  type Mac,
  type Prefix,
  familyOf,
  hostPrefix,
  networkOf,
  prefixIp,
} from "../../values/index.ts";
import { addrOf, planInterface, routedRa } from "../_interface.ts";
import type { PtpConf } from "./schema.ts";

/** Place of the container's interface in the result, behind the host's end. */
export const POD_PLACE = 1;
/** RT_SCOPE_HOST and RT_SCOPE_LINK of linux/rtnetlink.h. */
const SCOPE = { host: 254, link: 253 } as const;

/** An address whose gateway is the host. */
export type Gated = IpConfig & { readonly gateway: Ip };

/** @throws {CniError} 107 when IPAM gave an address without a gateway */
export function gated(ips: readonly IpConfig[], ipam: string): readonly Gated[] {
  return ips.map((ip) => {
    const { gateway } = ip;
    if (gateway !== undefined) return { ...ip, gateway };
    throw new CniError(
      codes.delegate,
      `cannot ADD: the IPAM plugin ${ipam} gave ${ip.address} without a gateway`,
      "at ipam: ptp gives the gateway's address to the host; add gateway to the address or its range",
    );
  });
}

export interface Pair {
  readonly pod: IfName;
  readonly host: IfName;
  readonly alias: string;
  readonly podMac: Mac;
  readonly hostMac: Mac;
}

export interface Addressing {
  readonly ips: readonly Gated[];
  readonly routes: readonly Route[];
  readonly loopbackWithout6: boolean;
  /** Whether the kernel has IPv6 at all. */
  readonly ipv6: boolean;
}

/**
 * A pair of which the host's end is the gateway. In the container even the neighbours of its own prefix are reached by the
 * gateway, so there is no route that says they are on the link.
 */
export function planPtp(
  { mtu }: PtpConf,
  { pod, host, alias, podMac, hostMac }: Pair,
  addresses: Addressing,
): readonly Op[] {
  const { ips, routes, loopbackWithout6, ipv6 } = addresses;
  const size = mtu === undefined ? {} : { mtu };
  const configured = planInterface({ ifname: pod, ips, routes, announce: true, noPrefixRoute: true, loopbackWithout6 });
  const upTo = configured.findIndex((op) => op.do === "route.put");
  const [before, after] = upTo < 0 ? [configured, []] : [configured.slice(0, upTo), configured.slice(upTo)];
  return [
    {
      do: "link.add",
      // From the host's side: its end is named after the attachment in the same call to the kernel, so that nothing nameless can stay.
      netns: HOST,
      link: { name: host, kind: "veth", peer: { netns: POD, name: pod }, mac: hostMac, alias, ...size },
      peer: { name: pod, kind: "veth", peer: { netns: HOST, name: host }, mac: podMac, ...size },
    },
    ...(ipv6 ? routedRa(host) : []),
    { do: "link.set", netns: HOST, name: host, set: { up: true }, was: {} },
    ...distinct(ips.map(({ gateway }) => hostPrefix(gateway))).map((gateway): Op => ({
      do: "addr.add",
      netns: HOST,
      dev: host,
      addr: addrOf(gateway),
    })),
    ...ips.map(({ address }): Op => ({ do: "route.put", netns: HOST, route: wayTo(address, host) })),
    ...before,
    ...gatewayRoutes(ips, pod),
    ...after,
  ];
}

/** The host's route to an address of the container. */
function wayTo(address: Prefix, dev: IfName) {
  const dst = hostPrefix(prefixIp(address));
  return { dst, dev, ...(familyOf(dst) === 4 && { scope: SCOPE.host }) };
}

/** Of several addresses in a prefix the first is the source. */
function gatewayRoutes(ips: readonly Gated[], dev: IfName): readonly Op[] {
  const routes = new Map<Prefix, Op>();
  for (const { address, gateway } of ips) {
    const src = prefixIp(address);
    const direct = hostPrefix(gateway);
    const near = networkOf(address);
    const onLink = { dst: direct, dev, src, ...(familyOf(direct) === 4 && { scope: SCOPE.link }) };
    if (!routes.has(direct)) routes.set(direct, { do: "route.put", netns: POD, route: onLink });
    if (near === hostPrefix(src) || routes.has(near)) continue;
    routes.set(near, { do: "route.put", netns: POD, route: { dst: near, via: gateway, dev, src } });
  }
  // What lies behind a gateway comes after the way to it.
  return [...routes.values()].toSorted((a, b) => Number(isBehind(a)) - Number(isBehind(b)));
}

function isBehind(op: Op): boolean {
  return op.do === "route.put" && op.route.via !== undefined;
}

function distinct<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}
