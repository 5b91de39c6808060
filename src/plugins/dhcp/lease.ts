/** What a server granted, and what ADD answers of it. Pure. */
import type { Result, Route } from "../../cni/index.ts";
import { type Ip, ipFromBytes, ipToBytes, makePrefix, networkOf, parsePrefix } from "../../values/index.ts";
import { type DhcpMessage, Option, ipsOf, noIp, uint32Of } from "./message.ts";

/** A lease as it is kept, and told to the plugin, in JSON. */
export interface Lease {
  /** With the length of its network. */
  readonly address: string;
  readonly server: Ip;
  readonly gateway?: Ip;
  readonly routes: readonly { readonly dst: string; readonly gw?: Ip; readonly scope?: number }[];
  /** Seconds from the grant until it is over, to be renewed, to be bound to any server. */
  readonly seconds: number;
  readonly renewAfter: number;
  readonly rebindAfter: number;
}

/** Of a server that says nothing. */
const HOUR = 3600;
/** `RT_SCOPE_LINK` of linux/rtnetlink.h. */
const SCOPE_LINK = 253;

/** The lease of an acknowledgement, or why it is none. */
export function leaseOf({ yiaddr, options }: DhcpMessage): Lease | string {
  const mask = options.get(Option.subnetMask);
  const length = mask === undefined ? undefined : lengthOf(mask);
  if (length === undefined) return mask === undefined ? "it gave no subnet mask" : "its subnet mask is none";
  const [server] = ipsOf(options.get(Option.serverId));
  if (server === undefined) return "it did not say who it is";
  if (yiaddr === noIp) return "it gave no address";
  const seconds = uint32Of(options.get(Option.leaseTime)) ?? HOUR;
  const renewAfter = uint32Of(options.get(Option.renewalTime)) ?? seconds / 2;
  const rebindAfter = uint32Of(options.get(Option.rebindingTime)) ?? seconds * 0.85;
  const [gateway] = ipsOf(options.get(Option.routers));
  // What a server has mixed up is put in order: renewing must come before rebinding, and that before the end.
  const inOrder = renewAfter <= rebindAfter && rebindAfter <= seconds;
  return {
    address: makePrefix(yiaddr, length),
    server,
    ...(gateway !== undefined && { gateway }),
    routes: routesOf(options, gateway),
    seconds,
    renewAfter: inOrder ? renewAfter : seconds / 2,
    rebindAfter: inOrder ? rebindAfter : seconds * 0.85,
  };
}

function lengthOf(mask: Uint8Array): number | undefined {
  if (mask.length !== 4) return undefined;
  const bits = [...mask].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return /^1*0*$/.test(bits) ? bits.lastIndexOf("1") + 1 : undefined;
}

/** Classless routes stand for all others, the default route too (RFC 3442). */
function routesOf(options: DhcpMessage["options"], router: Ip | undefined): Lease["routes"] {
  const classless = options.get(Option.classlessRoutes);
  if (classless !== undefined) return classlessOf(classless);
  const hosts = ipsOf(options.get(Option.staticRoutes));
  const classful = Array.from({ length: hosts.length >> 1 }, (_, i) => [hosts[2 * i], hosts[2 * i + 1]] as const);
  return [
    ...classful.flatMap(([dst, gw]) =>
      dst === undefined || gw === undefined || dst === noIp
        ? []
        : [{ dst: networkOf(makePrefix(dst, classOf(dst))), gw }],
    ),
    ...(router === undefined ? [] : [{ dst: "0.0.0.0/0", gw: router }]),
  ];
}

/** RFC 3442: a length, as many bytes as it has, a router; without a router the network is on the link. */
function classlessOf(value: Uint8Array): Lease["routes"] {
  const routes: Lease["routes"][number][] = [];
  for (let at = 0; at < value.length;) {
    const length = value[at++] ?? 0;
    const bytes = Math.ceil(length / 8);
    if (length > 32 || at + bytes + 4 > value.length) return routes;
    const dst = new Uint8Array(4);
    dst.set(value.subarray(at, at + bytes));
    const gw = ipFromBytes(value.subarray(at + bytes, at + bytes + 4));
    routes.push({
      dst: networkOf(makePrefix(ipFromBytes(dst), length)),
      ...(gw === noIp ? { scope: SCOPE_LINK } : { gw }),
    });
    at += bytes + 4;
  }
  return routes;
}

/** Classes of addresses, which option 33 goes by (RFC 2132 section 5.8). */
function classOf(ip: Ip): number {
  const first = ipToBytes(ip)[0] ?? 0;
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}

/** What ADD answers. @param priority - metric of its routes */
export function resultOf({ address, gateway, routes }: Lease, priority: number | undefined): Result {
  return {
    ips: [{ address: parsePrefix(address), ...(gateway !== undefined && { gateway }) }],
    ...(routes.length > 0 && {
      routes: routes.map(({ dst, gw, scope }): Route => ({
        dst: parsePrefix(dst),
        ...(gw !== undefined && { gw }),
        ...(scope !== undefined && { scope }),
        ...(priority !== undefined && { priority }),
      })),
    }),
  };
}
