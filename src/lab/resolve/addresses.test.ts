import { expect, test } from "bun:test";
import { networkOf, refusal, topologyOf } from "./_trial.ts";

test("numbers make names and addresses", () => {
  const [, node] = networkOf("nodes: 2\npods: 3").nodes;
  expect(node).toMatchObject({
    name: "vm-002",
    netns: "x-vm-002",
    gateways: ["172.16.2.0/24", "1000::1:ac10:200/120"],
    podNets: ["172.16.2.0/24", "1000::1:ac10:200/120"],
    uplinks: [{ dev: "eth1", port: "vm-002-eth1", addrs: ["192.168.1.2/24", "fd00:192:168:1::2/64"] }],
  });
  expect(node?.pods[2]).toMatchObject({
    name: "vm-002-ns03",
    netns: "x-vm-002-ns03",
    port: "vm-002-ns03",
    addrs: ["172.16.2.3/24", "1000::1:ac10:203/120"],
  });
});

test("on one segment everybody is on-link: the template's first length", () => {
  const [node] = networkOf("nodes: 2\npods: 1\nnetwork: {join: l2}").nodes;
  expect(node?.gateways).toEqual(["172.16.1.0/16", "1000::1:ac10:100/112"] as never);
  expect(node?.pods[0]?.addrs).toEqual(["172.16.1.1/16", "1000::1:ac10:101/112"] as never);
});

test("a template of its own for IPv6, one family alone, another gateway", () => {
  const both = networkOf("pods: 1\naddresses: {ipv4: 10.0.0.0/8/16, ipv6: fd00:1::/48/64, gatewayHost: 9}");
  expect(both.nodes[0]?.gateways).toEqual(["10.1.0.9/16", "fd00:1:0:1::9/64"] as never);
  const six = networkOf("pods: 1\naddresses: {ipv6: fd00:1::/48/64}");
  expect(six.nodes[0]?.pods[0]?.addrs).toEqual(["fd00:1:0:1::1/64"] as never);
  expect(six.mtu).toEqual({ ipv6: { bytes: 1500, because: "1500 Ethernet, no underlay" } });
});

test.each([
  [
    "pods: 300",
    "a.yaml:2:7: pods: pod vm-001-ns255: host 255 is the broadcast address of its net: 172.16.0.0/16/24 has hosts 0-254 (fewer pods per node, or a smaller second length)",
  ],
  [
    "pods: 20\naddresses: {ipv6: fd00::/48/124}",
    "a.yaml:3:19: addresses.ipv6: pod vm-001-ns16: host 16 does not fit: fd00::/48/124 has 4 host bits, 0-15 (fewer pods per node, or a smaller second length)",
  ],
  [
    "nodes: 9\naddresses: {ipv4: 10.0.0.0/21/24}\nnetwork: {join: none}",
    "a.yaml:3:19: addresses.ipv4: the gateway of node vm-008: net 8 does not fit: 10.0.0.0/21/24 has 3 net bits, 0-7 (fewer nodes, or a larger second length)",
  ],
  [
    "addresses: {ipv4: 172.16.0.0/16/24, gatewayHost: 1}",
    "a.yaml:2:50: addresses.gatewayHost: pod vm-001-ns01 is host 1, and so is the gateway (take 0, or a number above the pods', like 254)",
  ],
  [
    "pods: [{name: a, node: vm-001, number: 0}]",
    "a.yaml:2:40: pods[0].number: pod a is host 0, and so is the gateway (give the pod another number, or the gateway one above the pods': gatewayHost: 254)",
  ],
  [
    "addresses: {ipv4: 172.16.0.0/16/24, gatewayHost: 300}",
    "a.yaml:2:50: addresses.gatewayHost: the gateway of node vm-001: host 300 does not fit: 172.16.0.0/16/24 has 8 host bits, 0-255 (take another number, or a template with more room)",
  ],
  [
    "addresses: {ipv4: 172.16.0.0/16/24, net: 300}",
    "a.yaml:2:42: addresses.net: the gateway of node vm-001: net 300 does not fit: 172.16.0.0/16/24 has 8 net bits, 0-255 (take another number, or a template with more room)",
  ],
  [
    "pods: 1100\naddresses: {ipv4: 10.0.0.0/8/16}",
    "a.yaml:2:7: pods: node vm-001 needs 1100 ports on its bridge, which has 1023 (spread the pods over more nodes)",
  ],
])("too many: %p", (text, message) => {
  expect(refusal(text)).toBe(message);
});

test.each([
  [
    "nodes: 2\nunderlay: {prefixes: 172.16.2.0/24}",
    "a.yaml:3:22: underlay.prefixes: 172.16.2.0/24 of LAN lan1 overlaps 172.16.2.0/24, the pods of vm-002 (take a prefix outside 172.16.0.0/16)",
  ],
  [
    "nodes: 2\nunderlay: {prefixes: 172.16.200.0/24}\nnetwork: {join: l2}",
    "a.yaml:3:22: underlay.prefixes: 172.16.200.0/24 of LAN lan1 overlaps the pods' 172.16.0.0/16 (take a prefix outside 172.16.0.0/16)",
  ],
  [
    "underlay:\n  lans:\n    - {name: a, prefixes: 10.0.0.0/8}\n    - {name: b, prefixes: 10.1.0.0/16}",
    "a.yaml:5:27: underlay.lans[1].prefixes: 10.1.0.0/16 of LAN b overlaps 10.0.0.0/8 of LAN a (give each LAN a prefix of its own)",
  ],
  [
    "nodes: [a, {name: b, number: 1}]",
    "a.yaml:2:30: nodes[1].number: node b has number 1, as a has (numbers make addresses; give each its own)",
  ],
])("overlaps: %p", (text, message) => {
  expect(refusal(text)).toBe(message);
});

test("a LAN that is outside the nets in use is fine", () => {
  expect(topologyOf("nodes: 2\nunderlay: {prefixes: 172.16.200.0/24}").lans).toHaveLength(1);
});

test("numbers of a shuffled list: first the nodes', then the pods' of each", () => {
  const addresses = "{ipv4: 172.16.0.0/16/24, ipv6: 1000::1:0.0.0.0, shuffle: {seed: 1}}";
  const { networks } = topologyOf(`nodes: 2\npods: 2\naddresses: ${addresses}\nnetwork: {join: l2}`);
  // The list begins 208 72 252 244 195 30.
  expect(networks[0]?.nodes.map(({ gateways, pods }) => [gateways, ...pods.map(({ addrs }) => addrs)])).toEqual([
    [
      ["172.16.0.208/24", "1000::1:ac10:d0/120"],
      ["172.16.0.252/24", "1000::1:ac10:fc/120"],
      ["172.16.0.244/24", "1000::1:ac10:f4/120"],
    ],
    [
      ["172.16.0.72/24", "1000::1:ac10:48/120"],
      ["172.16.0.195/24", "1000::1:ac10:c3/120"],
      ["172.16.0.30/24", "1000::1:ac10:1e/120"],
    ],
  ] as never);
});

test.each([
  ["{seed: 1}", "l2", 64, "4 nodes and 256 pods want 260 numbers, and the list has 254 (write count: 260 or more"],
  ["{seed: 1, count: 300}", "l2", 64, "does not fit: 172.16.0.0/16/24 has 8 host bits"],
  [
    "{seed: 1}",
    "vxlan",
    1,
    "addresses.shuffle: numbers of a shuffled list are all in one net, so the network cannot be joined by vxlan: it needs a net of each node (join by l2 or none, or leave shuffle out)",
  ],
])("shuffled numbers that do not do: %s", (shuffle, join, pods, says) => {
  const text = `nodes: 4\npods: ${pods}\naddresses: {ipv4: 172.16.0.0/16/24, shuffle: ${shuffle}}\nnetwork: {join: ${join}}`;
  expect(refusal(text)).toContain(says);
});
