/** Where nodes are to each other, between which an overlay carries packets. */
import {
  type Ip,
  eui64Ip,
  familyOf,
  isLinkLocal,
  linkLocalPrefix,
  parseMac,
  prefixIp,
  tryIp,
} from "../values/index.ts";
import { nodeAddresses } from "../xcluster/index.ts";
import { PodsError } from "./error.ts";
import type { Job } from "./job.ts";
import { requireLink } from "./link.ts";
import type { LocalNode } from "./local-node.ts";
import type { OverlayType } from "./overlay-name.ts";

/** By the rule of MAC addresses, each on its link; or node by node. */
export type Underlay = "link-local" | ReadonlyMap<number, Ip>;

const EXAMPLE = "like this: --underlay=link-local, or --underlay=1=fe80::a,2=fe80::b";

/** Reads `link-local` or `N=ADDRESS,…`. @throws {PodsError} `usage` */
export function parseUnderlay(text: string): Underlay {
  if (text === "link-local") return text;
  const found = new Map<number, Ip>();
  for (const part of text.split(",")) {
    const [, digits = "", address = ""] = /^([1-9][0-9]{0,4})=(.+)$/.exec(part) ?? [];
    const ip = tryIp(address);
    if (ip === undefined || familyOf(ip) !== 6)
      throw new PodsError("usage", `--underlay: ${JSON.stringify(part)} is no node's number and IPv6 address`, EXAMPLE);
    if (found.has(Number(digits))) throw new PodsError("usage", `--underlay names node ${digits} twice`, EXAMPLE);
    found.set(Number(digits), ip);
  }
  return found;
}

/** What xcluster gives to a node's interface on a net, 00:00:00:01:NET:NODE, makes its link-local address. */
function byRule(net: number, number: number): Ip {
  const [high, low] = [net, number].map((byte) => byte.toString(16).padStart(2, "0"));
  return eui64Ip(linkLocalPrefix, parseMac(`00:00:00:01:${high}:${low}`));
}

/**
 * The addresses of nodes on the net between them; by number if nothing else is said.
 * @throws {PodsError} `usage`, `missing` where this node has none such, or one that others will not look for
 */
export function underlayOf(
  job: Job,
  node: LocalNode,
  { type, device, underlay }: { readonly type: OverlayType; readonly device: string; readonly underlay?: Underlay },
): (number: number) => Ip {
  const { net, prefix } = node.settings;
  if (underlay === undefined) return (number) => numbered(node, prefix, net, number);
  const there = requireLink(job, device, `set up the overlay on ${device}`).addrs.map((addr) => prefixIp(addr.prefix));
  const own =
    underlay === "link-local" ? byRule(net, node.number) : (underlay.get(node.number) ?? there.find(isLinkLocal));
  if (own === undefined || !there.includes(own)) {
    const has = there.filter((ip) => familyOf(ip) === 6).join(" and ");
    throw new PodsError(
      "missing",
      `${device} has ${has === "" ? "no IPv6 address" : has}, and this node shall be at ${own ?? "a link-local one"}`,
      underlay === "link-local"
        ? `that is of 00:00:00:01:NET:NODE, the MAC address that nodes of xcluster have; name others: --underlay=${node.number}=ADDRESS,N=ADDRESS`
        : "'ip -6 address' lists those that there are",
    );
  }
  if (type === "vxlan" && isLinkLocal(own)) {
    throw new PodsError(
      "usage",
      "--type=vxlan cannot be over link-local addresses: its routes name the other end, and cannot name its link",
      "choose --type=ip6tnl or --type=vxlan-classic, the same on all nodes",
    );
  }
  return (number) => {
    const ip = number === node.number ? own : underlay === "link-local" ? byRule(net, number) : underlay.get(number);
    if (ip === undefined) throw new PodsError("usage", `--underlay does not say where node ${number} is`, EXAMPLE);
    if (isLinkLocal(ip) === isLinkLocal(own)) return ip;
    throw new PodsError("usage", `--underlay: ${ip} and ${own} are not of one kind: one is link-local`, EXAMPLE);
  };
}

/** A node's IPv6 address by its number. @throws {PodsError} `usage` */
function numbered(node: LocalNode, prefix: string, net: number, number: number): Ip {
  void node.between(number, net);
  const found = nodeAddresses(prefix, net, number).find((one) => familyOf(one) === 6);
  if (found !== undefined) return prefixIp(found);
  throw new PodsError(
    "usage",
    `node ${number} has no IPv6 address on net ${net}`,
    "PREFIX is what its addresses begin with",
  );
}
