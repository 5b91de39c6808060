import { expect, test } from "bun:test";

import { LabFileError, parseLabText, printIssue } from "../file/index.ts";
import type { PodNetwork, Topology } from "../topology.ts";
import { resolve, warningsOf } from "./index.ts";

function topologyOf(text: string): Topology {
  return resolve(parseLabText(text, "a.yaml"));
}

/** The network of a lab that has one. */
function networkOf(text: string): PodNetwork {
  const [network, ...others] = topologyOf(text).networks;
  expect(others).toEqual([]);
  return network as PodNetwork;
}

function refusal(text: string): string {
  try {
    topologyOf(text);
  } catch (error) {
    if (error instanceof LabFileError && error.code === "lab") return error.message;
    throw error;
  }
  return "accepted";
}

test("numbers make names and addresses", () => {
  const [, node] = networkOf("name: x\nnodes: 2\npods: 3").nodes;
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
  const [node] = networkOf("name: x\nnodes: 2\npods: 1\nnetwork: {join: l2}").nodes;
  expect(node?.gateways).toEqual(["172.16.1.0/16", "1000::1:ac10:100/112"] as never);
  expect(node?.pods[0]?.addrs).toEqual(["172.16.1.1/16", "1000::1:ac10:101/112"] as never);
});

test("a template of its own for IPv6, one family alone, another gateway", () => {
  const both = networkOf("name: x\npods: 1\naddresses: {ipv4: 10.0.0.0/8/16, ipv6: fd00:1::/48/64, gatewayHost: 9}");
  expect(both.nodes[0]?.gateways).toEqual(["10.1.0.9/16", "fd00:1:0:1::9/64"] as never);
  const six = networkOf("name: x\npods: 1\naddresses: {ipv6: fd00:1::/48/64}");
  expect(six.nodes[0]?.pods[0]?.addrs).toEqual(["fd00:1:0:1::1/64"] as never);
  expect(six.mtu).toEqual({ ipv6: { bytes: 1500, because: "1500 Ethernet, no underlay" } });
});

test("lists of nodes and pods, with numbers", () => {
  const { nodes } = topologyOf(
    "name: x\nnodes: [left, {name: right, number: 9}]\npods: [{name: web, node: right}, {name: db, node: right, number: 5}]",
  );
  expect(nodes.map(({ name, number, pods }) => [name, number, pods.map((pod) => [pod.name, pod.number])])).toEqual([
    ["left", 1, []],
    [
      "right",
      9,
      [
        ["web", 1],
        ["db", 5],
      ],
    ],
  ]);
});

test("a long pod name has a short port", () => {
  const [node] = topologyOf("name: x\nnodes: [a-very-long-node-name]\npods: 2\nnetwork: {join: l2}").nodes;
  const ports = node?.pods.map(({ port }) => port ?? "") ?? [];
  expect(ports.every((port) => /^a-very-l-[a-z2-7]{6}$/.test(port))).toBe(true);
  expect(new Set(ports).size).toBe(2);
  expect(node?.uplinks[0]?.port).toMatch(/^a-very-l-[a-z2-7]{6}$/);
});

test.each([
  ["vxlan", "", 1430, "1500 underlay - 70 vxlan over IPv6"],
  ["{kind: vxlan, over: ipv4}", "", 1450, "1500 underlay - 50 vxlan over IPv4"],
  ["vxlan", "underlay: {prefixes: 192.168.1.0/24}", 1450, "1500 underlay - 50 vxlan over IPv4"],
  ["routes", "underlay: {mtu: 9000}", 9000, "9000 underlay"],
  ["l2", "", 1500, "1500 underlay"],
  ["none", "", 1500, "1500 Ethernet, no underlay"],
])("MTU with %s %s is %d", (join, underlay, bytes, because) => {
  const { mtu } = networkOf(`name: x\nnodes: 2\nnetwork: {join: ${join}}\n${underlay}`);
  expect(mtu).toEqual({ ipv4: { bytes, because }, ipv6: { bytes, because } });
});

test("two nodes are joined by vxlan unless the file says otherwise; one is not joined", () => {
  expect(networkOf("name: x\nnodes: 2").join).toMatchObject({ kind: "vxlan", dev: "vxlan1", underlay: 6, port: 4789 });
  expect(networkOf("name: x").join).toEqual({ kind: "none" });
  expect(topologyOf("name: x").lans).toEqual([]);
});

test("the same file gives the same topology", () => {
  const text = "name: x\nnodes: 3\npods: 3";
  expect(topologyOf(text)).toEqual(topologyOf(text));
  const macs = topologyOf(text).nodes.flatMap(({ pods }) => pods.map(({ mac }) => mac));
  expect(new Set(macs).size).toBe(9);
});

test.each([
  [
    "name: x\npods: 300",
    "a.yaml:2:7: pods: pod vm-001-ns255: host 255 is the broadcast address of its net: 172.16.0.0/16/24 has hosts 0-254 (fewer pods per node, or a smaller second length)",
  ],
  [
    "name: x\npods: 20\naddresses: {ipv6: fd00::/48/124}",
    "a.yaml:3:19: addresses.ipv6: pod vm-001-ns16: host 16 does not fit: fd00::/48/124 has 4 host bits, 0-15 (fewer pods per node, or a smaller second length)",
  ],
  [
    "name: x\nnodes: 9\naddresses: {ipv4: 10.0.0.0/21/24}\nnetwork: {join: none}",
    "a.yaml:3:19: addresses.ipv4: the gateway of node vm-008: net 8 does not fit: 10.0.0.0/21/24 has 3 net bits, 0-7 (fewer nodes, or a larger second length)",
  ],
  [
    "name: x\naddresses: {ipv4: 172.16.0.0/16/24, gatewayHost: 1}",
    "a.yaml:2:50: addresses.gatewayHost: pod vm-001-ns01 is host 1, and so is the gateway (take 0, or a number above the pods', like 254)",
  ],
  [
    "name: x\npods: [{name: a, node: vm-001, number: 0}]",
    "a.yaml:2:8: pods[0]: pod a is host 0, and so is the gateway (give the pod another number, or the gateway one above the pods': gatewayHost: 254)",
  ],
  [
    "name: x\naddresses: {ipv4: 172.16.0.0/16/24, gatewayHost: 300}",
    "a.yaml:2:50: addresses.gatewayHost: the gateway of node vm-001: host 300 does not fit: 172.16.0.0/16/24 has 8 host bits, 0-255 (take another number, or a template with more room)",
  ],
  [
    "name: x\naddresses: {ipv4: 172.16.0.0/16/24, net: 300}",
    "a.yaml:2:42: addresses.net: the gateway of node vm-001: net 300 does not fit: 172.16.0.0/16/24 has 8 net bits, 0-255 (take another number, or a template with more room)",
  ],
  [
    "name: x\npods: 1100\naddresses: {ipv4: 10.0.0.0/8/16}",
    "a.yaml:2:7: pods: node vm-001 needs 1100 ports on its bridge, which has 1023 (spread the pods over more nodes)",
  ],
])("too many: %p", (text, message) => {
  expect(refusal(text)).toBe(message);
});

test.each([
  [
    "name: x\nnodes: 2\nunderlay: {prefixes: 172.16.2.0/24}",
    "a.yaml:3:22: underlay.prefixes: 172.16.2.0/24 of LAN lan1 overlaps 172.16.2.0/24, the pods of vm-002 (take a prefix outside 172.16.0.0/16)",
  ],
  [
    "name: x\nnodes: 2\nunderlay: {prefixes: 172.16.200.0/24}\nnetwork: {join: l2}",
    "a.yaml:3:22: underlay.prefixes: 172.16.200.0/24 of LAN lan1 overlaps the pods' 172.16.0.0/16 (take a prefix outside 172.16.0.0/16)",
  ],
  [
    "name: x\nunderlay:\n  lans:\n    - {name: a, prefixes: 10.0.0.0/8}\n    - {name: b, prefixes: 10.1.0.0/16}",
    "a.yaml:5:27: underlay.lans[1].prefixes: 10.1.0.0/16 of LAN b overlaps 10.0.0.0/8 of LAN a (give each LAN a prefix of its own)",
  ],
  [
    "name: x\nnodes: [a, {name: b, number: 1}]",
    "a.yaml:2:30: nodes[1].number: node b has number 1, as a has (numbers make addresses; give each its own)",
  ],
])("overlaps: %p", (text, message) => {
  expect(refusal(text)).toBe(message);
});

test("what the file says of a LAN counts where nodes are not joined too", () => {
  const { lans, networks } = topologyOf("name: x\nunderlay: {mtu: 9000}");
  expect(lans).toMatchObject([{ name: "lan1", mtu: 9000 }]);
  expect(networks[0]?.mtu.ipv4).toEqual({ bytes: 9000, because: "9000 underlay" });
});

test("a LAN that is outside the nets in use is fine", () => {
  expect(topologyOf("name: x\nnodes: 2\nunderlay: {prefixes: 172.16.200.0/24}").lans).toHaveLength(1);
});

test.each([
  ["name: x\nnodes: [a, a]", 'a.yaml:2:12: nodes[1]: the name "a" of node 2 is taken by node 1 (give it another name)'],
  [
    "name: x\nnodes: [fabric]",
    'a.yaml:2:9: nodes[0]: the name "fabric" of node 1 is taken by the lab\'s own namespace for LANs (give it another name)',
  ],
  [
    "name: x\nnodes: 2\npods: {name: pod%d}",
    'a.yaml:3:7: pods: the name "pod1" of pod 1 of vm-002 is taken by pod 1 of vm-001 (let the pattern pods.name have "<node>" and a number in it)',
  ],
  [
    'name: x\nnodes: {count: 2, name: "Node %d"}',
    'a.yaml:2:8: nodes: the name "Node 1" of node 1 cannot be a host name (1 to 63 letters, digits, dashes and dots, the first and last a letter or digit)',
  ],
  [
    "name: x\npods: [{name: w, node: vm-01}]",
    'a.yaml:2:24: pods[0].node: there is no node "vm-01" (did you mean "vm-001"?)',
  ],
  [
    "name: x\npods: [{name: br0, node: vm-001}]",
    'a.yaml:2:8: pods[0]: pod br0 would be interface "br0" on node vm-001, a name taken by the node\'s bridge (give the pod another name)',
  ],
  [
    "name: x\nnodes: 2\nnetwork: {bridge: vxlan1}",
    ["vm-001", "vm-002"]
      .map(
        (node) =>
          `a.yaml:3:19: network.bridge: network pods would have a device "vxlan1" on node ${node}, a name taken by the node's bridge (give the bridge another name)`,
      )
      .join("\n"),
  ],
  [
    "name: x\nnetwork: {driver: ovs, bridge: ovs-netdev}",
    'a.yaml:2:32: network.bridge: the bridge of network pods would be interface "ovs-netdev" on node vm-001, a name taken by Open vSwitch, for its datapath (give it another name: bridge: NAME)',
  ],
])("names: %p", (text, message) => {
  expect(refusal(text)).toBe(message);
});

test.each([
  [
    "name: x\nnodes: 3\nunderlay: {prefixes: 192.168.1.0/30}",
    "a.yaml:3:22: underlay.prefixes: LAN lan1 192.168.1.0/30 has addresses for nodes 1 to 2, and vm-003 is number 3 (take a shorter prefix length)",
  ],
  [
    "name: x\nnodes: 2\nunderlay: {mtu: 1300}",
    "a.yaml:3:17: underlay.mtu: MTU 1230 for the pods (1300 underlay - 70 vxlan over IPv6) is too small for IPv6 (IPv6 needs 1280: give LAN lan1 an MTU of 1350 or more)",
  ],
  [
    "name: x\nnodes: 2\nunderlay: {prefixes: 192.168.1.0/24}\nnetwork: {join: routes}",
    "a.yaml:3:22: underlay.prefixes: LAN lan1 has no IPv6 prefix to route IPv6 pods by (add an IPv6 prefix, or join the nodes by vxlan)",
  ],
  [
    "name: x\nnodes: 2\nunderlay: {prefixes: 192.168.1.0/24}\nnetwork: {join: {kind: vxlan, over: ipv6}}",
    "a.yaml:4:37: network.join.over: LAN lan1 has no IPv6 prefix to send vxlan over (add one to the LAN, or write over: ipv4)",
  ],
  [
    "name: x\nnodes: 2\nunderlay: {lans: [{name: bare}]}",
    "a.yaml:3:19: underlay.lans[0].prefixes: LAN bare has no addresses to send vxlan between (add a prefix, or link-local, to it)",
  ],
  [
    "name: x\nnodes: 2\naddresses: {ipv4: 172.16.0.0/16/24}\nunderlay: {lans: [{name: bare}]}\nnetwork: {join: routes}",
    "a.yaml:4:19: underlay.lans[0].prefixes: LAN bare has no IPv4 prefix to route IPv4 pods by (add an IPv4 prefix)",
  ],
  [
    "name: x\nnodes: 2\nunderlay: {lans: [{name: blue, prefixes: 10.0.0.0/24}]}\nnetwork: {join: {kind: l2, lan: blu}}",
    'a.yaml:4:33: network.join.lan: there is no LAN "blu" (did you mean "blue"?)',
  ],
])("the underlay: %p", (text, message) => {
  expect(refusal(text)).toBe(message);
});

test("an impairment is on the named interface, on the other end, or on both; later keys win", () => {
  const text = [
    "name: x\nnodes: 2\npods: 1\nlinks:",
    '- {on: "*:eth1", rate: 8mbit}',
    "- {on: vm-002, rate: 16mbit, delay: 1ms, direction: both}",
    "- {on: vm-001-ns01, loss: 1%, direction: in}",
  ].join("\n");
  expect<unknown>(topologyOf(text).impairments).toEqual([
    { netns: "x-vm-001", dev: "eth1", rate: 1e6 },
    { netns: "x-vm-002", dev: "eth1", rate: 2e6, delay: 1000 },
    { netns: "x-fabric", dev: "vm-002-eth1", rate: 2e6, delay: 1000 },
    { netns: "x-vm-001", dev: "vm-001-ns01", loss: 0.01 },
  ]);
});

test("an impairment on nothing", () => {
  const text = [
    "name: x\nlinks:",
    "- {on: vm-01, rate: 1mbit}",
    "- {on: vm-001, rate: 1mbit}",
    '- {on: ["vm-001-ns01:eth1", "zz*"], rate: 1mbit}',
  ].join("\n");
  expect(refusal(text)).toBe(
    [
      'a.yaml:3:8: links[0].on: no node, pod or external is named "vm-01" (did you mean "vm-001"?)',
      "a.yaml:4:8: links[1].on: node vm-001 is on no LAN, so it has no link to do this to (give the lab an underlay, or name a pod)",
      'a.yaml:5:9: links[2].on[0]: "vm-001-ns01" has no interface "eth1" (it has eth0)',
      'a.yaml:5:29: links[2].on[1]: no node, pod or external is named "zz*" (names are like vm-001 and vm-001-ns01, and "*" stands for anything)',
    ].join("\n"),
  );
});

test("an expectation about nobody, or that a node is reached, is a warning", () => {
  const lab = parseLabText(
    'name: x\nexpect:\n- {from: vm-001-ns1, to: "*", reach: no}\n- {from: vm-*, to: vm-001}',
    "a.yaml",
  );
  const topology = resolve(lab);
  expect(topology.expectations).toEqual([
    { from: "vm-001-ns1", to: "*", reach: false },
    { from: "vm-*", to: "vm-001", reach: true },
  ]);
  expect(warningsOf(lab, topology).map(printIssue)).toEqual([
    'a.yaml:3:10: expect[0].from: no node, pod or external is named "vm-001-ns1" (did you mean "vm-001-ns01"?)',
    'a.yaml:4:20: expect[1].to: "vm-001" is a node, and pods and externals alone are asked whether they are reached (name a pod of it, or an external)',
  ]);
});

const uplinkAddrs = (text: string) => topologyOf(text).nodes.map(({ uplinks }) => uplinks.map(({ addrs }) => addrs));

test("a LAN of link-local addresses: they are made of the MAC addresses", () => {
  const [node] = topologyOf("name: x\nnodes: 2\nunderlay: {prefixes: link-local}").nodes;
  expect(node?.uplinks).toMatchObject([{ mac: "da:5e:dd:7d:01:af", addrs: ["fe80::d85e:ddff:fe7d:1af/64"] }]);
});

test("nodes that have addresses as SLAAC makes them; IPv4 goes by number", () => {
  expect(uplinkAddrs("name: x\nnodes: 1\nunderlay: {prefixes: [10.0.0.0/24, fd00::/64], hosts: eui64}")).toEqual([
    [["10.0.0.1/24", "fd00::d85e:ddff:fe7d:1af/64"]],
  ] as never);
  const own = "{name: a, prefixes: fd00:1::/64}, {name: b, prefixes: fd00:2::/64, hosts: number}";
  expect(uplinkAddrs(`name: x\nnodes: 1\nunderlay: {hosts: eui64, lans: [${own}]}`)).toMatchObject([
    [[expect.stringMatching(/^fd00:1::[0-9a-f]+:/)], ["fd00:2::1/64"]],
  ]);
});

test("addresses that are written take the place of those that numbers make, each in its prefix", () => {
  const text = `name: x
nodes:
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
  expect(refusal(`name: x\nnodes: ${nodes}\nunderlay: {lans: ${lans}}`)).toContain(says);
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
])("LANs that cannot carry it: %s", (text, says) => expect(refusal(`name: x\nnodes: 2\n${text}`)).toContain(says));

test("over link-local addresses ip6tnl has a device for each other node, else one", () => {
  const ends = (prefixes: string) => {
    const { join } =
      topologyOf(`name: x\nnodes: 2\nunderlay: {prefixes: ${prefixes}}\nnetwork: {join: ip6tnl}`).networks[0] ?? {};
    return join?.kind === "ip6tnl" ? [...join.ends.values()].map(({ dev, ip }) => `${dev} ${ip}`) : [];
  };
  expect(ends('"1000::1:192.168.1.0/120"')).toEqual(["ip6tnl6 1000::1:c0a8:101", "ip6tnl6 1000::1:c0a8:102"]);
  expect(ends("link-local").map((end) => end.replace(/ff:fe.*/, "…"))).toEqual([
    "tl-1 fe80::d85e:dd…",
    "tl-2 fe80::94fc:ed…",
  ]);
});

test("numbers of a shuffled list: first the nodes', then the pods' of each", () => {
  const addresses = "{ipv4: 172.16.0.0/16/24, ipv6: 1000::1:0.0.0.0, shuffle: {seed: 1}}";
  const { networks } = topologyOf(`name: x\nnodes: 2\npods: 2\naddresses: ${addresses}\nnetwork: {join: l2}`);
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
  const text = `name: x\nnodes: 4\npods: ${pods}\naddresses: {ipv4: 172.16.0.0/16/24, shuffle: ${shuffle}}\nnetwork: {join: ${join}}`;
  expect(refusal(text)).toContain(says);
});

test("an external vxlan has its UDP port for itself, others share it", () => {
  const two = (first: string, second: string): string =>
    refusal(`name: x
nodes: 2
pods: 1
networks:
  - {name: a, join: {kind: vxlan, ${first}}}
  - {name: b, addresses: {ipv4: 10.9.0.0/16/24}, join: {kind: vxlan, vni: 2, ${second}}}`);
  expect(two("external: true", "external: true")).toContain("networks a and b would both have 4789 on node vm-001");
  expect(two("external: false", "external: true")).toContain("give one another port");
  expect(two("external: true", "external: true, port: 8472")).toBe("accepted");
  expect(two("external: false", "external: false")).toBe("accepted");
});
