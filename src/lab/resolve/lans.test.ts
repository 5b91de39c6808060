import { expect, test } from "bun:test";
import { refusal, topologyOf } from "./_trial.ts";

test.each([
  [
    "underlay: {prefixes: fd00::/64, mtu: 1279}",
    "a.yaml:2:38: underlay.mtu: MTU 1279 is too small for IPv6 on LAN lan1 (IPv6 needs 1280 (RFC 8200 section 5))",
  ],
  [
    "underlay: {lans: [{name: blue}, {name: blue}]}",
    'a.yaml:2:33: underlay.lans[1]: two LANs are named "blue" (give one another name)',
  ],
  [
    "underlay: {prefixes: 10.0.0.0/24, lans: [{name: blue}]}",
    'a.yaml:2:22: underlay.prefixes: give either "prefixes" (one LAN) or "lans", not both; move it into one of the "lans"',
  ],
  [
    "underlay: {prefixes: 10.0.0.0/24}\nnodes: [{name: a, number: 0}]",
    "a.yaml:2:22: underlay.prefixes: LAN lan1 10.0.0.0/24 has addresses for nodes 1 to 254, and a is number 0 (number nodes from 1)",
  ],
  [
    "underlay: {prefixes: fd00::/64}\nnodes: 1024\npods: 0\naddresses: {ipv6: 'fd01::/48/64'}",
    "a.yaml:3:8: nodes: LAN lan1 needs 1024 ports for the nodes, and a bridge has 1023 (fewer nodes, with more pods each)",
  ],
])("LANs that cannot be: %p", (text, message) => {
  expect(refusal(text).split("\n")[0]).toBe(message);
});

test("addresses that pods could not be told from: whole LANs count, link-local ones are each link's", () => {
  const two = (first: string, second: string): string =>
    refusal(`underlay: {lans: [{name: a, prefixes: ${first}}, {name: b, prefixes: ${second}}]}\nnetwork: {join: none}`);
  expect(two("10.0.0.0/8", "10.1.0.0/16")).toContain("overlaps 10.0.0.0/8 of LAN a");
  expect(two("link-local", "link-local")).toBe("accepted");
});

test("what the file says of a LAN counts where nodes are not joined too", () => {
  const { lans, networks } = topologyOf("underlay: {mtu: 9000}");
  expect(lans).toMatchObject([{ name: "lan1", mtu: 9000 }]);
  expect(networks[0]?.mtu.ipv4).toEqual({ bytes: 9000, because: "9000 underlay" });
});

const uplinkAddrs = (text: string) => topologyOf(text).nodes.map(({ uplinks }) => uplinks.map(({ addrs }) => addrs));

test("a LAN of link-local addresses: they are made of the MAC addresses", () => {
  const [node] = topologyOf("nodes: 2\nunderlay: {prefixes: link-local}").nodes;
  expect(node?.uplinks).toMatchObject([{ mac: "da:5e:dd:7d:01:af", addrs: ["fe80::d85e:ddff:fe7d:1af/64"] }]);
});

test("nodes that have addresses as SLAAC makes them; IPv4 goes by number", () => {
  expect(uplinkAddrs("nodes: 1\nunderlay: {prefixes: [10.0.0.0/24, fd00::/64], hosts: eui64}")).toEqual([
    [["10.0.0.1/24", "fd00::d85e:ddff:fe7d:1af/64"]],
  ] as never);
  const own = "{name: a, prefixes: fd00:1::/64}, {name: b, prefixes: fd00:2::/64, hosts: number}";
  expect(uplinkAddrs(`nodes: 1\nunderlay: {hosts: eui64, lans: [${own}]}`)).toMatchObject([
    [[expect.stringMatching(/^fd00:1::[0-9a-f]+:/)], ["fd00:2::1/64"]],
  ]);
});

test("addresses that are written take the place of those that numbers make, each in its prefix", () => {
  const text = `nodes:
  - {name: a, addresses: {lan1: 192.168.1.7}}
  - {name: b, number: 200, addresses: {lan1: [192.168.1.9, "fd00::abcd"]}}
underlay: {prefixes: [192.168.1.0/28, "fd00::/64"]}`;
  expect(uplinkAddrs(text)).toEqual([
    [["192.168.1.7/28", "fd00::1/64"]],
    [["192.168.1.9/28", "fd00::abcd/64"]],
  ] as never);
  // Tunnels and routes go to them.
  const { join } = topologyOf(text).networks[0] ?? {};
  expect(join?.kind === "vxlan" && join.vteps.get("b")?.ip).toBe("fd00::abcd" as never);
});

test.each([
  ["{bare: 10.0.0.1}", "10.0.0.1 of node a is in no prefix of LAN bare (it has none)"],
  ["{lan2: 192.168.1.7}", 'node a is not on LAN "lan2" (did you mean "lan1"?)'],
  ["{lan1: 10.0.0.1}", "10.0.0.1 of node a is in no prefix of LAN lan1 (it has 192.168.1.0/24, fd00::/64)"],
  ["{lan1: [192.168.1.7, 192.168.1.8]}", "node a has two addresses in 192.168.1.0/24 of LAN lan1"],
  ["{lan1: 192.168.1.255}", "192.168.1.255 of node a is the broadcast address of 192.168.1.0/24"],
  ["{lan1: 192.168.1.0}", "192.168.1.0 of node a is the network address of 192.168.1.0/24"],
  ["{lan1: 192.168.1.2}", "192.168.1.2 of node b is node a's already"],
])("addresses that no node can have: %s", (addresses, says) => {
  const nodes = `[{name: a, addresses: ${addresses}}, b]`;
  const lans = '[{name: lan1, prefixes: [192.168.1.0/24, "fd00::/64"]}, {name: bare}]';
  expect(refusal(`nodes: ${nodes}\nunderlay: {lans: ${lans}}`)).toContain(says);
});
