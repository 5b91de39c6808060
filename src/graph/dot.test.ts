import { expect, test } from "bun:test";
import { bridgedLab, hostileLab, overlayLab } from "./_fixture.ts";
import { graphOf } from "./build.ts";
import { drawDot } from "./dot.ts";

test("a graph with a cluster for each node", () => {
  const states = new Map([["pod:vm-001/vm-001-ns02", "down"]] as const);
  expect(drawDot(graphOf(overlayLab({ nodes: 1, pods: 2 }), states))).toBe(`graph "overlay" {
  label="overlay\\njoined by vxlan 1: flannel.1, udp 8472, over lan (IPv6)\\nMTU 1430: 1500 underlay - 70 vxlan over IPv6"; labelloc=t; rankdir=TB;
  node [fontname="monospace", fontsize=10]; edge [fontname="monospace", fontsize=9];
  "lan:lan" [label="lan\\n192.168.0.0/16\\nfd00::/64\\nmtu 1500", shape=box, style=filled, fillcolor=lightblue];
  "overlay:flannel.1" [label="vxlan 1\\nudp 8472\\nover lan (IPv6)", shape=box, style="dashed,rounded"];
  subgraph "cluster_group:vm-001" {
    label="vm-001"; style=rounded;
    "node:vm-001" [label="vm-001\\npods 172.16.1.0/24\\npods 1000::1:ac10:100/120", shape=box3d];
    "vtep:vm-001" [label="flannel.1\\nfd00::1\\nmtu 1430", shape=box, style=dashed];
    "bridge:vm-001" [label="cbr0\\n172.16.1.254/24\\n1000::1:ac10:1fe/120\\nmtu 1430", shape=box, style=filled, fillcolor=gray90];
    "pod:vm-001/vm-001-ns01" [label="vm-001-ns01\\n172.16.1.1/24\\n1000::1:ac10:101/120", shape=box, style=rounded];
    "pod:vm-001/vm-001-ns02" [label="vm-001-ns02 (down)\\n172.16.1.2/24\\n1000::1:ac10:102/120", shape=box, style=rounded, color=red, fontcolor=red];
  }
  "lan:lan" -- "overlay:flannel.1" [label="udp 8472", style=dashed];
  "lan:lan" -- "node:vm-001" [label="eth1\\n192.168.0.1/16\\nfd00::1/64"];
  "node:vm-001" -- "vtep:vm-001";
  "overlay:flannel.1" -- "vtep:vm-001" [style=dashed];
  "node:vm-001" -- "bridge:vm-001";
  "bridge:vm-001" -- "pod:vm-001/vm-001-ns01" [label="eth0"];
  "bridge:vm-001" -- "pod:vm-001/vm-001-ns02" [label="eth0", color=red];
}
`);
});

test("hostile names cannot leave their quotes", () => {
  for (const line of drawDot(graphOf(hostileLab())).split("\n")) {
    expect(line.replace(/"(?:[^"\\]|\\["\\n])*"/g, "")).toMatch(/^[\sa-z0-9[\]{}=,;.-]*$/i);
  }
});

test("everything is shown unless limited", () => {
  const graph = graphOf(overlayLab({ nodes: 100, pods: 20 }));
  expect(drawDot(graph).match(/^ +"pod:/gm)).toHaveLength(2000);
  expect(drawDot(graph, { maxPods: 1 }).match(/^ +"pod:/gm)).toHaveLength(100);
});

test.skipIf(Bun.which("dot") === null)("graphviz reads it (skipped without its program dot)", () => {
  for (const lab of [overlayLab(), bridgedLab(), hostileLab()]) {
    const { exitCode, stderr } = Bun.spawnSync(["dot", "-Tcanon"], {
      stdin: Buffer.from(drawDot(graphOf(lab))),
    });
    expect(stderr.toString()).toBe("");
    expect(exitCode).toBe(0);
  }
});

test("the same graph gives the same text", () => {
  expect(drawDot(graphOf(bridgedLab()))).toBe(drawDot(graphOf(bridgedLab())));
});
