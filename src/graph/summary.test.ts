import { expect, test } from "bun:test";
import { overlayLab } from "./_fixture.ts";
import { graphOf } from "./build.ts";
import { summarise } from "./summary.ts";

const states = new Map([
  ["pod:vm-001/vm-001-ns09", "down"],
  ["pod:vm-003/vm-003-ns01", "down"],
] as const);
const graph = graphOf(overlayLab({ nodes: 3, pods: 10 }), states);

test("a graph within its limits stays as it is", () => {
  expect(summarise(graph, { maxNodes: 3, maxPods: 10 })).toEqual(graph);
});

test("pods left out become a box that counts them, and those that are down", () => {
  const small = summarise(graph, { maxNodes: 3, maxPods: 3 });
  expect(small.groups[0]?.members).toEqual([
    "node:vm-001",
    "vtep:vm-001",
    "bridge:vm-001",
    "pod:vm-001/vm-001-ns01",
    "pod:vm-001/vm-001-ns02",
    "pod:vm-001/vm-001-ns03",
    "more:vm-001",
  ]);
  const labels = small.nodes.filter(({ kind }) => kind === "more").map(({ label }) => label);
  expect(labels).toEqual(["… and 7 more pods (1 down)", "… and 7 more pods", "… and 7 more pods"]);
  expect(small.edges.filter(({ to }) => to === "more:vm-001")).toHaveLength(1);
});

test("nodes left out become a note", () => {
  const small = summarise(graph, { maxNodes: 1, maxPods: 0 });
  expect(small.notes.at(-1)).toBe("… and 2 more nodes (vm-002 … vm-003) with 20 pods (1 down)");
  expect(small.nodes.map(({ label }) => label)).toEqual([
    "lan",
    "vxlan 1",
    "vm-001",
    "flannel.1",
    "cbr0",
    "… and 10 pods (1 down)",
  ]);
});

test("no line of a summary leads nowhere", () => {
  const { nodes, edges } = summarise(graph, { maxNodes: 2, maxPods: 1 });
  const ids = new Set(nodes.map(({ id }) => id));
  expect(edges.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([]);
});
