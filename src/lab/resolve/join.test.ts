import { expect, test } from "bun:test";
import { networkOf, refusal, topologyOf } from "./_trial.ts";

test.each([
  ["vxlan", "", 1430, "1500 underlay - 70 vxlan over IPv6"],
  ["{kind: vxlan, over: ipv4}", "", 1450, "1500 underlay - 50 vxlan over IPv4"],
  ["vxlan", "underlay: {prefixes: 192.168.1.0/24}", 1450, "1500 underlay - 50 vxlan over IPv4"],
  ["routes", "underlay: {mtu: 9000}", 9000, "9000 underlay"],
  ["l2", "", 1500, "1500 underlay"],
  ["none", "", 1500, "1500 Ethernet, no underlay"],
])("MTU with %s %s is %d", (join, underlay, bytes, because) => {
  const { mtu } = networkOf(`nodes: 2\nnetwork: {join: ${join}}\n${underlay}`);
  expect(mtu).toEqual({ ipv4: { bytes, because }, ipv6: { bytes, because } });
});

test("two nodes are joined by vxlan unless the file says otherwise; one is not joined", () => {
  expect(networkOf("nodes: 2").join).toMatchObject({ kind: "vxlan", dev: "vxlan1", underlay: 6, port: 4789 });
  expect(networkOf("").join).toEqual({ kind: "none" });
  expect(topologyOf("").lans).toEqual([]);
});

test.each([
  [
    "nodes: 3\nunderlay: {prefixes: 192.168.1.0/30}",
    "a.yaml:3:22: underlay.prefixes: LAN lan1 192.168.1.0/30 has addresses for nodes 1 to 2, and vm-003 is number 3 (take a shorter prefix length)",
  ],
  [
    "nodes: 2\nunderlay: {mtu: 1300}",
    "a.yaml:3:17: underlay.mtu: MTU 1230 for the pods (1300 underlay - 70 vxlan over IPv6) is too small for IPv6 (IPv6 needs 1280: give LAN lan1 an MTU of 1350 or more)",
  ],
  [
    "nodes: 2\nunderlay: {prefixes: 192.168.1.0/24}\nnetwork: {join: routes}",
    "a.yaml:3:22: underlay.prefixes: LAN lan1 has no IPv6 prefix to route IPv6 pods by (add an IPv6 prefix, or join the nodes by vxlan)",
  ],
  [
    "nodes: 2\nunderlay: {prefixes: 192.168.1.0/24}\nnetwork: {join: {kind: vxlan, over: ipv6}}",
    "a.yaml:4:37: network.join.over: LAN lan1 has no IPv6 prefix to send vxlan over (add one to the LAN, or write over: ipv4)",
  ],
  [
    "nodes: 2\nunderlay: {lans: [{name: bare}]}",
    "a.yaml:3:19: underlay.lans[0].prefixes: LAN bare has no addresses to send vxlan between (add a prefix, or link-local, to it)",
  ],
  [
    "nodes: 2\naddresses: {ipv4: 172.16.0.0/16/24}\nunderlay: {lans: [{name: bare}]}\nnetwork: {join: routes}",
    "a.yaml:4:19: underlay.lans[0].prefixes: LAN bare has no IPv4 prefix to route IPv4 pods by (add an IPv4 prefix)",
  ],
  [
    "nodes: 2\nunderlay: {lans: [{name: blue, prefixes: 10.0.0.0/24}]}\nnetwork: {join: {kind: l2, lan: blu}}",
    'a.yaml:4:33: network.join.lan: there is no LAN "blu" (did you mean "blue"?)',
  ],
])("the underlay: %p", (text, message) => {
  expect(refusal(text)).toBe(message);
});

test.each([
  [
    "underlay: {prefixes: link-local}\nnetwork: {join: {kind: vxlan, external: true}}",
    "a route cannot say on which link",
  ],
  [
    "underlay: {prefixes: link-local}\nnetwork: {join: {kind: ip6tnl, external: true}}",
    "a route cannot say on which link",
  ],
  ["underlay: {prefixes: 10.0.0.0/24}\nnetwork: {join: ip6tnl}", "has no IPv6 addresses for the ends of ip6tnl"],
  ["underlay: {prefixes: fd00::/80, hosts: eui64}", "leaves no 64 bits for addresses made of MAC addresses"],
  ["underlay: {prefixes: [link-local, fd00::/64]}", "LAN lan1 has two IPv6 prefixes"],
])("LANs that cannot carry it: %s", (text, says) => expect(refusal(`nodes: 2\n${text}`)).toContain(says));

test("over link-local addresses ip6tnl has a device for each other node, else one", () => {
  const ends = (prefixes: string) => {
    const { join } =
      topologyOf(`nodes: 2\nunderlay: {prefixes: ${prefixes}}\nnetwork: {join: ip6tnl}`).networks[0] ?? {};
    return join?.kind === "ip6tnl" ? [...join.ends.values()].map(({ dev, ip }) => `${dev} ${ip}`) : [];
  };
  expect(ends('"1000::1:192.168.1.0/120"')).toEqual(["ip6tnl6 1000::1:c0a8:101", "ip6tnl6 1000::1:c0a8:102"]);
  expect(ends("link-local").map((end) => end.replace(/ff:fe.*/, "…"))).toEqual([
    "tl-1 fe80::d85e:dd…",
    "tl-2 fe80::94fc:ed…",
  ]);
});

test("an external vxlan has its UDP port for itself, others share it", () => {
  const two = (first: string, second: string): string =>
    refusal(`nodes: 2
pods: 1
networks:
  - {name: a, join: {kind: vxlan, ${first}}}
  - {name: b, addresses: {ipv4: 10.9.0.0/16/24}, join: {kind: vxlan, vni: 2, ${second}}}`);
  expect(two("external: true", "external: true")).toContain("networks a and b would both have 4789 on node vm-001");
  expect(two("external: false", "external: true")).toContain("give one another port");
  expect(two("external: true", "external: true, port: 8472")).toBe("accepted");
  expect(two("external: false", "external: false")).toBe("accepted");
});
