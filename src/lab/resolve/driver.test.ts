import { expect, test } from "bun:test";
import { networkOf, refusal } from "./_trial.ts";

test("a word has its defaults", () => {
  expect(networkOf("network: {driver: ipvlan}")).toMatchObject({
    driver: { kind: "ipvlan", lan: "lan1", mode: "l2", flag: "bridge" },
    join: { kind: "l2", lan: "lan1" },
  });
  expect(networkOf("network: {driver: macvlan}")).toMatchObject({
    driver: { kind: "macvlan", lan: "lan1", mode: "bridge" },
    join: { kind: "l2", lan: "lan1" },
  });
  expect(networkOf("network: {driver: {kind: ipvlan, mode: l3s}}").join.kind).toBe("routes");
});

test("on the segment everybody has the template's first length; where nodes route, the second", () => {
  const addresses = (driver: string): unknown => {
    const { nodes, mtu } = networkOf(`nodes: 2\npods: 1\nnetwork: {driver: ${driver}}`);
    const [, node] = nodes;
    return [node?.bridge, node?.gateways[0], node?.pods[0]?.addrs, mtu.ipv6?.because];
  };
  const onSegment = ["172.16.2.1/16", "1000::1:ac10:201/112"];
  expect(addresses("macvlan")).toEqual(["macvlan-eth1", "172.16.2.0/16", onSegment, "1500 underlay"]);
  expect(addresses("ipvlan")).toEqual(["ipvlan-eth1", "172.16.2.0/16", onSegment, "1500 underlay"]);
  const routed = ["172.16.2.1/24", "1000::1:ac10:201/120"];
  expect(addresses("{kind: ipvlan, mode: l3}")).toEqual(["ipvlan-eth1", "172.16.2.0/24", routed, "1500 underlay"]);
});

test("children of an ipvlan have the interface's MAC address, those of a macvlan their own", () => {
  const macs = (driver: string): readonly boolean[] => {
    const [node] = networkOf(`pods: 1\nnetwork: {driver: ${driver}}`).nodes;
    return (node?.pods ?? []).map(({ mac, port }) => mac === node?.uplinks[0]?.mac && port === undefined);
  };
  expect(macs("ipvlan")).toEqual([true]);
  expect(macs("macvlan")).toEqual([false]);
  expect(macs("{kind: macvlan, mode: passthru}")).toEqual([true]);
});

test("in passthru the node has no place of its own, and hears nothing where there is a pod", () => {
  const nodeOf = (pods: number) =>
    networkOf(`pods: ${pods}\nnetwork: {driver: {kind: macvlan, mode: passthru}}`).nodes[0];
  expect(nodeOf(1)).toMatchObject({ bridge: "eth1", gateways: [], uplinks: [{ deaf: true }] });
  expect(nodeOf(0)?.uplinks[0]).not.toHaveProperty("deaf");
});

test("a VLAN's interface has a long name, its child a short one", () => {
  const vlan = "underlay: {lans: [{name: trunk}, {name: blue, vlan: 100, on: trunk, prefixes: 10.1.0.0/24}]}";
  const [node] = networkOf(`${vlan}\nnetwork: {driver: {kind: macvlan, lan: blue}}`).nodes;
  expect(node?.uplinks[1]?.dev as string).toBe("eth1.100");
  expect(node?.bridge).toMatch(/^macvlan-[a-z2-7-]+$/);
});

const lans =
  "underlay: {lans: [{name: blue, prefixes: 10.1.0.0/24}, {name: green, prefixes: [10.2.0.0/24, fd00:2::/64]}]}";

test("the LAN may be said at the driver or at the join", () => {
  for (const network of ["{driver: {kind: macvlan, lan: green}}", "{driver: {kind: macvlan, lan: green}, join: l2}"]) {
    const { driver, join, nodes } = networkOf(`${lans}\nnetwork: ${network}`);
    expect([driver, join]).toMatchObject([{ lan: "green" }, { lan: "green" }]);
    expect(nodes[0]?.bridge as string).toBe("macvlan-eth2");
  }
});

test("without a word the LAN is one that all nodes are on", () => {
  const { driver } = networkOf(
    `${lans}\nnodes: [{name: a, lans: [green, blue]}, {name: b, lans: [green]}]\nnetwork: {driver: ipvlan}`,
  );
  expect(driver).toMatchObject({ lan: "green" });
});

test.each([
  [
    "nodes: 2\nnetwork: {driver: macvlan, join: vxlan}",
    'a.yaml:3:34: network.join: join "vxlan" cannot be had with driver macvlan, mode bridge: all its pods are on one LAN, which joins them (write join: l2)',
  ],
  [
    "nodes: 2\nnetwork: {driver: ipvlan, join: none}",
    'a.yaml:3:33: network.join: join "none" cannot be had with driver ipvlan, mode l2: all its pods are on one LAN, which joins them (write join: l2)',
  ],
  [
    "nodes: 2\nnetwork: {driver: {kind: ipvlan, mode: l3}, join: {kind: vxlan}}",
    'a.yaml:3:51: network.join: join "vxlan" cannot be had with driver ipvlan, mode l3: its pods send by the LAN\'s interface only, never by a tunnel (write join: routes or join: none)',
  ],
  [
    `${lans}\nnetwork: {driver: {kind: macvlan, lan: gren}}`,
    'a.yaml:3:40: network.driver.lan: there is no LAN "gren" (did you mean "green"?)',
  ],
  [
    `${lans}\nnodes: [a, {name: b, lans: [green]}]\nnetwork: {driver: {kind: macvlan, lan: blue}}`,
    "a.yaml:4:40: network.driver.lan: the pods stand on LAN blue (driver macvlan, mode bridge), and node b is not on it (add blue to its lans, or name another LAN)",
  ],
  [
    `${lans}\nnetwork: {driver: {kind: macvlan, lan: blue}, join: {kind: l2, lan: green}}`,
    "a.yaml:3:69: network.join.lan: the pods stand on LAN blue (driver macvlan, mode bridge), so the nodes cannot be joined over LAN green (name the same LAN in both)",
  ],
  [
    "network: {driver: macvlan, masquerade: true}",
    "a.yaml:2:40: network.masquerade: the pods are on LAN lan1 themselves (driver macvlan, mode bridge): what they send does not pass their node (leave it out, or take a driver with which nodes route: bridge, or ipvlan in mode l3 or l3s)",
  ],
  [
    "pods: 2\nnetwork: {driver: {kind: macvlan, mode: passthru}}",
    "a.yaml:2:7: pods: node vm-001 has 2 pods, and macvlan in mode passthru gives the whole interface to one (one pod on each node, or mode bridge, private or vepa)",
  ],
  [
    "network: {driver: macvlna}",
    'a.yaml:2:19: network.driver: must be bridge, cni, ipvlan, macvlan or ovs, not "macvlna" (did you mean "macvlan"?)',
  ],
  [
    `${lans}\nnetworks: [{name: one, driver: {kind: macvlan, lan: green}}, {name: two, driver: {kind: macvlan, lan: green}, addresses: {ipv4: 10.9.0.0/16/24}}]`,
    "a.yaml:3:82: networks[1].driver: the pods of network one stand on the nodes' interface on LAN green, so those of network two cannot (give each a LAN of its own (several can share a cable as VLANs))",
  ],
  [
    `nodes: 2\npods: 1\n${lans}\nnetworks: [{name: one, driver: {kind: macvlan, mode: passthru, lan: blue}}, {name: two, join: vxlan, addresses: {ipv4: 10.9.0.0/16/24}}]`,
    "a.yaml:5:95: networks[1].join: the nodes of network two are joined by vxlan over LAN blue, where pods of network one have the nodes' interface for themselves (macvlan in mode passthru) (join them over another LAN, or take mode bridge, private or vepa)",
  ],
  [
    "network: {driver: ipvlan, bridge: br1}",
    'a.yaml:2:35: network.bridge: with driver "ipvlan" pods stand on the LAN\'s interface, and there is no bridge; leave it out',
  ],
  [
    "nodes: 2\npods: 1\nunderlay: {lans: [{name: bare}]}\nnetwork: {driver: {kind: ipvlan, mode: l3}}\naddresses: {ipv4: 10.0.0.0/8/24}",
    "a.yaml:4:19: underlay.lans[0].prefixes: LAN bare has no IPv4 prefix to route IPv4 pods by (add an IPv4 prefix)",
  ],
  [
    "network: {driver: {kind: ipvlan, mode: l4}}",
    'a.yaml:2:40: network.driver.mode: must be l2, l3 or l3s, not "l4" (did you mean "l2"?)',
  ],
  [
    "network: {driver: {kind: macvlan, flag: private}}",
    'a.yaml:2:35: network.driver: unknown key "flag" (the keys here are kind, lan, mode)',
  ],
])("what cannot be is said where it is written: %j", (text, says) => {
  expect(refusal(text)).toBe(says);
});
