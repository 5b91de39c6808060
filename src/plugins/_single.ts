/** What plugins have in common that put one link into a container and leave nothing on the host. */
import type { LinkSpec, Op } from "../change/index.ts";
import { type Call, CniError, type Dns, HOST, POD, type Result, type Work, codes } from "../cni/index.ts";
import { type IfName, parseIp } from "../values/index.ts";
import { freeIfName, hasIpv6, loopbackWithout6, placed, planInterface, upOp } from "./_interface.ts";
import { attach } from "./_ipam.ts";
import { interfaceOf, releasePodLink } from "./_link.ts";
import { releaseAll, releaseAttached } from "./_release.ts";

export interface Single {
  /** Absent leaves the link without addresses. */
  readonly ipam?: string;
  /** Addresses that are known without IPAM. */
  readonly given?: Result;
  /** Makes the link of this name, down, with all it stands on. */
  readonly make: (pod: IfName) => readonly Op[];
  /** Of an interface on somebody else's network `all` addresses are announced, also those it gives itself later. */
  readonly announce: boolean | "all";
  /** In place of IPAM's, also when it is empty. */
  readonly dns?: Dns | "ipam";
}

export async function addSingle(
  call: Call,
  work: Work,
  { ipam, given: known, make, announce, dns }: Single,
): Promise<Result> {
  const pod = freeIfName(call, work);
  const given = await attach(
    call,
    work,
    ipam,
    () => make(pod),
    (result = known) =>
      result === undefined
        ? [upOp(pod)]
        : planSingle(pod, result, announce, {
            loopbackWithout6: loopbackWithout6(work, result),
            ipv6: hasIpv6(work.kernel),
          }),
  );
  const addresses = given ?? known;
  const link = work.kernel.link(POD, pod, { addrs: false });
  if (link === undefined) throw new CniError(codes.missing, `cannot ADD: somebody deleted ${pod}, which was just made`);
  const names = dns === "ipam" ? addresses?.dns : dns;
  return {
    interfaces: [interfaceOf(link, call.netns)],
    ...(addresses && { ips: placed(addresses.ips, 0), routes: addresses.routes ?? [] }),
    ...(names && { dns: names }),
  };
}

/** The link gets what IPAM gave. */
export function planSingle(
  ifname: IfName,
  { ips, routes = [] }: Result,
  announce: Single["announce"],
  { loopbackWithout6 = false, ipv6 = true }: { readonly loopbackWithout6?: boolean; readonly ipv6?: boolean } = {},
): readonly Op[] {
  const announceAll = announce === "all" && ipv6;
  return planInterface({
    ifname,
    ips: placed(ips, 0),
    routes,
    announce: announce !== false,
    announceAll,
    loopbackWithout6,
  });
}

export function delSingle(ipam: string | undefined, call: Call, work: Work): Promise<void> {
  return releaseAll(call, releaseAttached(releasePodLink(call, work), ipam, call, work));
}

/** What every kind of link on another device reads. */
export interface OnMaster {
  /** The device below; absent is that of the default route. */
  readonly master?: IfName;
  /** The device below is in the container. */
  readonly linkInContainer: boolean;
  /** Bytes. */
  readonly mtu?: number;
}

/** Documentation addresses (RFC 5737, RFC 3849): nobody has a route of their own to them, so they go by the default route. */
const anywhere = [parseIp("203.0.113.1"), parseIp("2001:db8::1")];

/** The device below, looked for where it shall be. @throws {CniError} 102, 7 */
export function masterFor({ master, linkInContainer, mtu }: OnMaster, { kernel }: Work, command: string): IfName {
  const netns = linkInContainer ? POD : HOST;
  const place = linkInContainer ? "the container" : "the host";
  const name = master ?? anywhere.map((ip) => kernel.wayTo(netns, ip)).find((dev) => dev !== undefined && dev !== "lo");
  if (name === undefined) {
    throw new CniError(
      codes.missing,
      `cannot ${command}: no master is given, and ${place} has no default route`,
      `at master: name the interface of ${place} that the container's shall stand on`,
    );
  }
  const link = kernel.link(netns, name, { addrs: false });
  if (link === undefined) {
    throw new CniError(
      codes.missing,
      `cannot ${command}: ${place} has no interface ${name}`,
      `at master: name one that is there`,
    );
  }
  if (mtu !== undefined && mtu > link.mtu) {
    throw new CniError(
      codes.invalidConfig,
      `cannot ${command}: mtu is ${mtu}, and that of ${name} below is ${link.mtu}`,
      `at mtu: write at most ${link.mtu}, or 0 for the same`,
    );
  }
  return link.name;
}

/** The op that makes a link on a device of the host or, with `linkInContainer`, of the container. */
export function addOn(link: LinkSpec, lower: IfName, { linkInContainer, mtu }: OnMaster): Op {
  const spec = { ...link, lower, ...(!linkInContainer && { lowerNetns: HOST }), ...(mtu !== undefined && { mtu }) };
  return { do: "link.add", netns: POD, link: spec as LinkSpec };
}
