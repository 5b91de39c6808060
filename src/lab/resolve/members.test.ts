import { expect, test } from "bun:test";
import { refusal, topologyOf } from "./_trial.ts";

test("a node's count of pods is that of each of its networks, and goes before the others'", () => {
  const { nodes, networks } = topologyOf(
    `nodes: [left, {name: right, pods: 3}]
pods: 1
networks:
  - {name: a, join: none, addresses: {ipv4: 10.1.0.0/16/24}}
  - {name: b, join: none, addresses: {ipv4: 10.2.0.0/16/24}, pods: 2}`,
  );
  expect(networks.map((network) => network.nodes.map(({ pods }) => pods.length))).toEqual([
    [1, 3],
    [2, 3],
  ]);
  expect(nodes[1]?.pods.map(({ name }) => name).slice(2, 4)).toEqual(["a-right-ns03", "b-right-ns01"]);
});

test("the lab's own interface is that of each pod, a network's that of its own", () => {
  const { networks } = topologyOf(
    `pods: 1
interface: net0
networks:
  - {name: a, addresses: {ipv4: 10.1.0.0/16/24}}
  - {name: b, addresses: {ipv4: 10.2.0.0/16/24}, interface: net1}`,
  );
  expect(networks.map(({ nodes }) => nodes[0]?.pods[0]?.ifname as string)).toEqual(["net0", "net1"]);
});

test.each([
  [
    "nodes: [{name: a, pods: 3}]\npods: [{name: w, node: a}]",
    "a.yaml:2:25: nodes[0].pods: the pods are listed one by one in pods, so a node cannot have a count of them (remove one of the two)",
  ],
  [
    "pods: [{name: a, node: vm-001}, {name: b, node: vm-001, number: 1}]",
    "a.yaml:2:65: pods[1].number: pod b has number 1, as a has (numbers make addresses; give each its own)",
  ],
  [
    "externals: [{name: vm-001}]",
    'a.yaml:2:13: externals[0]: the name "vm-001" of external 1 is taken by node 1 (give it another name)',
  ],
])("members that cannot be: %p", (text, message) => {
  expect(refusal(text)).toBe(message);
});

test("lists of nodes and pods, with numbers", () => {
  const { nodes } = topologyOf(
    "nodes: [left, {name: right, number: 9}]\npods: [{name: web, node: right}, {name: db, node: right, number: 5}]",
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
  const [node] = topologyOf("nodes: [a-very-long-node-name]\npods: 2\nnetwork: {join: l2}").nodes;
  const ports = node?.pods.map(({ port }) => port ?? "") ?? [];
  expect(ports.every((port) => /^a-very-l-[a-z2-7]{6}$/.test(port))).toBe(true);
  expect(new Set(ports).size).toBe(2);
  expect(node?.uplinks[0]?.port).toMatch(/^a-very-l-[a-z2-7]{6}$/);
});

test.each([
  ["nodes: [a, a]", 'a.yaml:2:12: nodes[1]: the name "a" of node 2 is taken by node 1 (give it another name)'],
  [
    "nodes: [fabric]",
    'a.yaml:2:9: nodes[0]: the name "fabric" of node 1 is taken by the lab\'s own namespace for LANs (give it another name)',
  ],
  [
    "nodes: 2\npods: {name: pod%d}",
    'a.yaml:3:7: pods: the name "pod1" of pod 1 of vm-002 is taken by pod 1 of vm-001 (let the pattern pods.name have "<node>" and a number in it)',
  ],
  [
    'nodes: {count: 2, name: "Node %d"}',
    'a.yaml:2:8: nodes: the name "Node 1" of node 1 cannot be a host name (1 to 63 letters, digits, dashes and dots, the first and last a letter or digit)',
  ],
  ["pods: [{name: w, node: vm-01}]", 'a.yaml:2:24: pods[0].node: there is no node "vm-01" (did you mean "vm-001"?)'],
  [
    "pods: [{name: br0, node: vm-001}]",
    'a.yaml:2:8: pods[0]: pod br0 would be interface "br0" on node vm-001, a name taken by the node\'s bridge (give the pod another name)',
  ],
  [
    "nodes: 2\nnetwork: {bridge: vxlan1}",
    ["vm-001", "vm-002"]
      .map(
        (node) =>
          `a.yaml:3:19: network.bridge: network pods would have a device "vxlan1" on node ${node}, a name taken by the node's bridge (give the bridge another name)`,
      )
      .join("\n"),
  ],
  [
    "network: {driver: ovs, bridge: ovs-netdev}",
    'a.yaml:2:32: network.bridge: the bridge of network pods would be interface "ovs-netdev" on node vm-001, a name taken by Open vSwitch, for its datapath (give it another name: bridge: NAME)',
  ],
])("names: %p", (text, message) => {
  expect(refusal(text)).toBe(message);
});
