import { expect, test } from "bun:test";
import { refusal as refusalAt, topologyOf } from "./_trial.ts";

/** Why it is refused, without the places. */
const refusal = (text: string): string => refusalAt(text).replaceAll(/^a\.yaml:\d+:\d+: /gm, "");

const lans = "underlay: {lans: [{name: blue}, {name: green, prefixes: 10.9.0.0/24}]}\n";
const apart = "addresses: {ipv4: 172.16.0.0/16/24, net: 0, gatewayHost: none}\n";

test("networks have names, bridges and pods of their own, and what the top of the file says otherwise", () => {
  const { nodes, networks } = topologyOf(
    `nodes: 2\npods: 2\n${lans}${apart}networks:
- {name: br2, nodes: vm-001, join: {kind: l2, lan: blue}}
- {name: br3, nodes: vm-00*, pods: 1, interface: net1, bridge: sw0, join: none, addresses: {ipv4: 10.1.0.0/16/24}}`,
  );
  expect(
    networks.map(({ name, nodes: on }) => [name, on.map((node) => [node.name, node.bridge, node.gateways])]),
  ).toEqual([
    ["br2", [["vm-001", "br2", []]]],
    [
      "br3",
      [
        ["vm-001", "sw0", ["10.1.1.0/24"]],
        ["vm-002", "sw0", ["10.1.2.0/24"]],
      ],
    ],
  ] as never);
  const [first] = nodes;
  expect(first?.pods.map(({ name, ifname, addrs }) => `${name} ${ifname} ${addrs.join(" ")}`)).toEqual([
    "br2-vm-001-ns01 eth0 172.16.0.1/24",
    "br2-vm-001-ns02 eth0 172.16.0.2/24",
    "br3-vm-001-ns01 net1 10.1.1.1/24",
  ]);
  expect(first?.uplinks.map(({ dev, bridge }) => [dev, bridge as string | undefined])).toEqual([
    ["eth1", "br2"],
    ["eth2", undefined],
  ]);
});

test("one network is the same thing as before", () => {
  const [plain] = topologyOf("nodes: 2\npods: 1").networks;
  const [listed] = topologyOf(
    "nodes: 2\nnetworks: [{name: pods, bridge: br0, pods: {count: 1, name: <node>-ns%02d}}]",
  ).networks;
  expect(listed).toEqual(plain as never);
});

test("a node's interfaces are numbered by its own list; VLANs stand on them", () => {
  const { nodes } = topologyOf(`nodes: [{name: a, lans: [green, trunk, tag]}, {name: b, lans: [trunk]}]
underlay: {lans: [{name: trunk}, {name: green}, {name: tag, vlan: 100, on: trunk, prefixes: 10.0.0.0/24}]}
network: {join: none}`);
  expect(
    nodes.map(({ uplinks }) =>
      uplinks.map(({ lan, dev, port = "-", lower = "-" }) => [lan, dev, port, lower].join(" ")),
    ),
  ).toEqual([["green eth1 a-eth1 -", "trunk eth2 a-eth2 -", "tag eth2.100 - eth2"], ["trunk eth1 b-eth1 -"]]);
  expect(nodes[0]?.uplinks[2]?.addrs).toEqual(["10.0.0.1/24"] as never);
});

test("who is outside has a pod's address where pods are on the LAN, else the LAN's, else its own", () => {
  const { externals } = topologyOf(`${lans}${apart}networks: [{name: br2, join: {kind: l2, lan: blue}}]
externals:
- {name: a, lan: blue, interface: eth3}
- {name: b, lan: green, number: 7, gateway: vm-001}
- {name: c, lan: blue, addresses: 1.2.3.4/8}`);
  expect(externals.map(({ name, uplinks, via }) => [name, uplinks[0]?.dev, uplinks[0]?.addrs, via])).toEqual([
    ["a", "eth3", ["172.16.0.100/24"], []],
    ["b", "eth0", ["10.9.0.7/24"], ["10.9.0.1"]],
    ["c", "eth0", ["1.2.3.4/8"], []],
  ] as never);
});

test("what leaves a VLAN can be slowed down there; what arrives, on the wire below", () => {
  const lab = (direction: string): string =>
    `${tagged}\nlinks: [{on: "a:eth1.5", rate: 8mbit, direction: ${direction}}]`;
  const tagged =
    "nodes: [{name: a}]\nunderlay: {lans: [{name: trunk}, {name: tag, vlan: 5, on: trunk}]}\nnetwork: {join: none}";
  expect(topologyOf(lab("out")).impairments).toEqual([{ netns: "x-a", dev: "eth1.5", rate: 1e6 }] as never);
  expect(refusal(lab("in"))).toBe(
    "links[0].on: eth1.5 of a stands on another interface and has no other end of its own (write direction: out, or name the interface below)",
  );
});

test("nodes without a LAN in common are joined by routes over others, and by the smallest MTU", () => {
  const [network] = topologyOf(`nodes: [{name: a, lans: [one]}, {name: r, lans: [one, two]}, {name: b, lans: [two]}]
underlay: {lans: [{name: one, prefixes: [10.0.1.0/24, "fd00:1::/64"]}, {name: two, mtu: 1400, prefixes: [10.0.2.0/24, "fd00:2::/64"]}]}
network: {nodes: [a, b], join: routes}`).networks;
  expect(network?.join).toEqual({ kind: "routes" });
  expect(network?.mtu.ipv4).toEqual({ bytes: 1400, because: "1400 underlay" });
});

test("the LAN that all nodes of a network are on is the one that it is joined over", () => {
  const [network] = topologyOf(
    `nodes: [{name: a, lans: [one, two]}, {name: b, lans: [two]}]
underlay: {lans: [{name: one, prefixes: 10.0.1.0/24}, {name: two, prefixes: "fd00:2::/64"}]}`,
  ).networks;
  expect(network?.join).toMatchObject({ kind: "vxlan", lan: "two" });
});

test.each([
  [
    "network: {join: none}\nnetworks: [{name: a}]",
    'network: give either "network" (one) or "networks", not both (move it into one of the "networks")',
  ],
  [
    "networks: [{name: a, join: none, pods: 0}, {name: a, join: none, pods: 0}]",
    'networks[1].name: two networks are named "a" (give one another name)',
  ],
  ["network: {nodes: [vm-1]}", 'network.nodes: no node is named "vm-1" (the nodes are vm-001)'],
  [
    "pods: {count: 1, name: <node>-%d}\naddresses: {ipv4: 10.0.0.0/8/16, net: 0, gatewayHost: none}\nnetworks: [{name: a}, {name: b}]",
    'pods: the name "vm-001-1" of pod 1 of vm-001 is taken by pod 1 of vm-001 (let the pattern pods.name have "<network>", "<node>" and a number in it)',
  ],
  [
    "networks: [{name: eth0}, {name: lan, bridge: lo, addresses: {ipv4: 10.0.0.0/8/16}}]",
    'networks[1].bridge: the bridge of network lan would be interface "lo" on node vm-001, a name taken by the loopback device (give it another name: bridge: NAME)',
  ],
])("names of networks: %p", (text, message) => {
  expect(refusal(text)).toBe(message);
});

test.each([
  [
    "networks: [{name: a}, {name: b}]",
    "networks[1]: node vm-001 would know 172.16.1.0/24 of network a and 172.16.1.0/24 of network b, which overlap (give them addresses of their own, or keep the node out of one of them: gatewayHost: none with join l2 or none)",
  ],
  [
    `${lans}${apart}networks: [{name: a, join: {kind: l2, lan: blue}}, {name: b, join: {kind: l2, lan: blue}}]`,
    "networks[1].join: networks a and b both take the interface of node vm-001 on LAN blue: a port of a, and a port of b (take another LAN for one of them, or VLANs on it)",
  ],
  [
    `${lans}${apart}networks: [{name: a, driver: macvlan}, {name: b, join: {kind: l2, lan: blue}}]`,
    "networks[1].join: networks a and b both take the interface of node vm-001 on LAN blue: macvlan on it, and a port of b (take another LAN for one of them, or VLANs on it)",
  ],
  [
    `nodes: 2\n${lans}${apart}networks: [{name: a, nodes: vm-001, join: {kind: l2, lan: blue}}, {name: b, nodes: vm-002, join: {kind: l2, lan: blue}}]`,
    "addresses: 172.16.0.1 of pod b-vm-002-ns01 is pod a-vm-001-ns01's already, and both are on LAN blue (give one another number, or keep them on segments of their own)",
  ],
  [
    `${lans}${apart}network: {join: {kind: l2, lan: blue}}\nexternals: [{name: e, lan: blue, number: 4}]`,
    "addresses: 172.16.0.4 of pod vm-001-ns04 is external e's already, and both are on LAN blue (give one another number, or keep them on segments of their own)",
  ],
  [
    "nodes: 2\naddresses: {ipv4: 10.0.0.0/8/24, net: 3}\nnetwork: {join: routes}\nunderlay: {prefixes: 192.168.1.0/24}",
    "addresses.net: all nodes of the network have net 3, so they cannot be joined by routes: it needs a net of each (join by l2 or none, or leave net out)",
  ],
  [
    "nodes: 2\naddresses: {ipv4: 10.0.0.0/8/24, gatewayHost: none}\nnetwork: {join: vxlan}\nunderlay: {prefixes: 192.168.1.0/24}",
    "addresses.gatewayHost: pods without a gateway do not leave their node, so the network cannot be joined by vxlan (join by l2 or none, or give a gateway number)",
  ],
])("addresses of networks: %p", (text, message) => {
  expect(refusal(text).split("\n")[0]).toBe(message);
});

test("the same addresses on two networks that no node knows both of are fine", () => {
  expect(refusal(`${lans}${apart}networks: [{name: a, join: {kind: l2, lan: blue}}, {name: b, join: none}]`)).toBe(
    "accepted",
  );
});

test.each([
  [
    "nodes: [{name: a, lans: [blu]}]",
    'nodes[0].lans[0]: node a is on a LAN "blu", which is not there (did you mean "blue"?)',
  ],
  [
    "nodes: [{name: a, lans: [tag]}]",
    "nodes[0].lans: LAN tag is a VLAN on blue, and node a is not on that (add blue to its lans)",
  ],
  [
    "nodes: [{name: a, lans: [blue]}, {name: b, lans: [green]}]\nnetwork: {join: vxlan}",
    "network.join: the nodes of the network are joined by vxlan over LAN blue, and node b is not on it (add blue to its lans, name another LAN, or join by routes, which go over several LANs)",
  ],
  [
    "nodes: [{name: a, lans: [blue]}, {name: b, lans: [green]}]\nnetwork: {join: routes}",
    "network.join: no way leads from node a to node b for IPv4: they have no LAN in common, and no other node leads there (put a node on LANs of both, give these addresses of that family, or join by none)",
  ],
  [
    "externals: [{name: e, lan: gren}]\nnetwork: {join: none}",
    'externals[0].lan: there is no LAN "gren" (did you mean "green"?)',
  ],
  [
    "externals: [{name: e, lan: bare}]\nnetwork: {join: none}",
    "externals[0]: external e has no address: LAN bare gives number 100 none (give it addresses, or the LAN prefixes with room, or join pods to the LAN by l2)",
  ],
  [
    "externals: [{name: e, lan: blue, addresses: [10.1.0.0/24, 10.1.0.255/24]}]\nnetwork: {join: none}",
    "externals[0].addresses: 10.1.0.255 of external e is a broadcast address (take another one)",
  ],
  [
    "nodes: [{name: a, lans: [blue]}]\nexternals: [{name: e, lan: green, gateway: a}]\nnetwork: {join: none}",
    "externals[0].gateway: there is no node a on LAN green (no node is on it)",
  ],
])("LANs: %p", (text, message) => {
  const some = `underlay: {lans: [{name: blue, prefixes: 10.1.0.0/24}, {name: green, prefixes: 10.2.0.0/24}, {name: bare}, {name: tag, vlan: 5, on: blue}]}\naddresses: {ipv4: 172.16.0.0/16/24}\n`;
  expect(refusal(some + text).split("\n")[0]).toBe(message);
});

test.each([
  ["{name: v, vlan: 5}", 'underlay.lans[1].vlan: a VLAN has a number and a LAN that carries it; add "on"'],
  ["{name: v, vlan: 5, on: w}", 'underlay.lans[1].on: VLAN v is on "w": there is no such LAN (the LANs are blue)'],
  [
    "{name: v, vlan: 5, on: blue}, {name: w, vlan: 6, on: v}",
    'underlay.lans[2].on: VLAN w is on "v": which is a VLAN itself (the LANs are blue)',
  ],
  [
    "{name: v, vlan: 5, on: blue}, {name: w, vlan: 5, on: blue}",
    "underlay.lans[2].vlan: VLAN 5 of blue is v already (take another number)",
  ],
  [
    "{name: v, vlan: 5, on: blue, mtu: 9000}",
    "underlay.lans[1].mtu: MTU 9000 of VLAN v is more than the 1500 of blue (give blue as much)",
  ],
])("VLANs: %p", (lan, message) => {
  expect(refusal(`underlay: {lans: [{name: blue}, ${lan}]}\nnetwork: {join: none}`).split("\n")[0]).toBe(message);
});
