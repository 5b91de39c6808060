import type { AddrSpec, LinkSpec, LinkWish, NetnsName, NetnsWish, RouteSpec, Wish } from "../../src/change/index.ts";
import { parseIfName, parseIp, parseMac, parsePrefix } from "../../src/values/index.ts";

/** Short ways to write wishes, for tests of diff and of kernels. */
export const owner = "netloom:contract";

export const ifname = parseIfName;
export const ip = parseIp;
export const mac = parseMac;
export const prefix = parsePrefix;

export function wishOf(...namespaces: readonly NetnsWish[]): Wish {
  return { owner, namespaces };
}

export function addr(text: string, noDad = text.includes(":")): AddrSpec {
  return noDad ? { prefix: prefix(text), noDad } : { prefix: prefix(text) };
}

export function link(spec: LinkSpec, ...addrs: readonly string[]): LinkWish {
  return addrs.length === 0 ? { spec } : { spec, addrs: addrs.map((text) => addr(text)) };
}

export function bridge(
  name: string,
  more: Partial<Omit<LinkSpec & { kind: "bridge" }, "name" | "kind">> = {},
): LinkSpec {
  return { name: ifname(name), kind: "bridge", up: true, ...more };
}

/** The spec of a veth's end `netns/name`. */
export function veth(
  name: string,
  peer: string,
  more: Partial<Omit<LinkSpec & { kind: "veth" }, "name" | "kind" | "peer">> = {},
): LinkSpec {
  const [netns, other] = peer.split("/") as [NetnsName, string];
  return { name: ifname(name), kind: "veth", peer: { netns, name: ifname(other) }, up: true, ...more };
}

export function vxlan(
  name: string,
  id: number,
  more: Partial<Omit<LinkSpec & { kind: "vxlan" }, "name" | "kind">> = {},
): LinkSpec {
  return {
    name: ifname(name),
    kind: "vxlan",
    up: true,
    data: { id, port: 4789, local: ip("10.0.0.1"), learning: false },
    ...more,
  };
}

/** `default via 10.0.0.2`, `10.1.0.0/16 dev eth0`, `blackhole 10.2.0.0/16`, with `metric N`, `src IP` and `onlink`. */
export function route(text: string): RouteSpec {
  const words = text.split(" ");
  const type = words[0] === "blackhole" ? { type: words.shift() as "blackhole" } : {};
  const head = words.shift() ?? "";
  const after = (word: string): string | undefined => {
    const at = words.indexOf(word);
    return at < 0 ? undefined : words[at + 1];
  };
  const via = after("via");
  const dev = after("dev");
  const src = after("src");
  const metric = after("metric");
  const table = after("table");
  return {
    ...type,
    dst: prefix(head === "default" ? (via?.includes(":") ? "::/0" : "0.0.0.0/0") : head),
    ...(via !== undefined && { via: ip(via) }),
    ...(dev !== undefined && { dev: ifname(dev) }),
    ...(src !== undefined && { src: ip(src) }),
    ...(metric !== undefined && { metric: Number(metric) }),
    ...(table !== undefined && { table: Number(table) }),
    ...(words.includes("onlink") && { onlink: true }),
  };
}
