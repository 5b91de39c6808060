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
