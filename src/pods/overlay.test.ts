import { expect, test } from "bun:test";
import { parseIp, parsePrefix } from "../values/index.ts";
import type { OverlayType } from "./overlay-name.ts";
import { overlayDevices, overlayRoutes } from "./overlay.ts";

const node = (number: number) => ({
  number,
  underlay: parseIp(`1000::1:c0a8:10${number}`),
  nets: [`172.16.${number}.0/24`, `1000::1:ac10:${number}00/120`].map(parsePrefix),
});
const wish = (type: OverlayType) => ({
  type,
  device: "eth1",
  own: node(1),
  peers: [node(2)],
  source: parseIp("172.16.1.0"),
});

test.each([
  ["ip6tnl", 1460],
  ["vxlan", 1430],
  ["vxlan-classic", 1430],
] as const)("%s leaves %d of 1500 bytes", (type, mtu) => {
  expect(overlayDevices(wish(type), 1500)).toMatchObject([{ mtu, alias: "netloom:host.pods" }]);
});

test("one device for all peers, or one that knows its VNI", () => {
  expect(overlayDevices(wish("ip6tnl"), 1500)).toMatchObject([{ kind: "ip6tnl", data: { collectMetadata: true } }]);
  expect(overlayDevices(wish("vxlan"), 1500)).toMatchObject([
    { mac: "02:00:00:00:00:01", data: { collectMetadata: true, udpZeroCsum6Rx: true } },
  ]);
  const classic = { id: 100, local6: "1000::1:c0a8:101", port: 4789, learning: false };
  expect<unknown>(overlayDevices(wish("vxlan-classic"), 1500)).toMatchObject([{ lower: "eth1", data: classic }]);
});

test("routes by ip6tnl name the other end, and the node's own packets have an address of its pods' network", () => {
  expect<unknown>(overlayRoutes(wish("ip6tnl"))).toEqual([
    { dst: "172.16.2.0/24", dev: "ip6tnl6", encap: { type: "ip6", dst: "1000::1:c0a8:102" }, src: "172.16.1.0" },
    { dst: "1000::1:ac10:200/120", dev: "ip6tnl6", encap: { type: "ip6", dst: "1000::1:c0a8:102" } },
  ]);
});

test("routes by vxlan have a gateway, for which the neighbour is known", () => {
  const encap = { type: "ip6", dst: "1000::1:c0a8:102", id: 100n };
  expect<unknown>(overlayRoutes(wish("vxlan"))).toEqual([
    { dst: "172.16.2.0/24", via: "10.255.0.2", dev: "vxlan6", onlink: true, encap, src: "172.16.1.0" },
    { dst: "1000::1:ac10:200/120", via: "fd55::2", dev: "vxlan6", onlink: true, encap },
  ]);
  expect<unknown>(overlayRoutes(wish("vxlan-classic"))).toEqual([
    { dst: "10.255.0.2/32", dev: "vxlan6" },
    { dst: "172.16.2.0/24", via: "10.255.0.2", dev: "vxlan6", onlink: true },
    { dst: "fd55::2/128", dev: "vxlan6" },
    { dst: "1000::1:ac10:200/120", via: "fd55::2", dev: "vxlan6", onlink: true },
  ]);
});

test("over link-local addresses ip6tnl has a device for each other node", () => {
  const at = (number: number) => ({ ...node(number), underlay: parseIp(`fe80::${number}`) });
  const local = { ...wish("ip6tnl"), own: at(1), peers: [at(2), at(3)] };
  const data = (remote: string) => ({ local: "fe80::1", remote, proto: 0, ttl: 64, flags: 1 });
  expect<unknown>(overlayDevices(local, 1500)).toEqual([
    { name: "tl-2", kind: "ip6tnl", lower: "eth1", mtu: 1460, alias: "netloom:host.pods", data: data("fe80::2") },
    { name: "tl-3", kind: "ip6tnl", lower: "eth1", mtu: 1460, alias: "netloom:host.pods", data: data("fe80::3") },
  ]);
  expect<unknown>(overlayRoutes(local).slice(0, 3)).toEqual([
    { dst: "172.16.2.0/24", dev: "tl-2", src: "172.16.1.0" },
    { dst: "1000::1:ac10:200/120", dev: "tl-2" },
    { dst: "172.16.3.0/24", dev: "tl-3", src: "172.16.1.0" },
  ]);
});
