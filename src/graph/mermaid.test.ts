import { expect, test } from "bun:test";
import { bridgedLab, hostileLab, overlayLab } from "./_fixture.ts";
import { graphOf } from "./build.ts";
import { drawMermaid } from "./mermaid.ts";

test("a flowchart with a subgraph for each node", () => {
  const states = new Map([["pod:vm-001/vm-001-ns02", "down"]] as const);
  expect(drawMermaid(graphOf(overlayLab({ nodes: 1, pods: 2 }), states))).toBe(`flowchart TB
  %% overlay
  %% joined by vxlan 1: flannel.1, udp 8472, over lan (IPv6)
  %% MTU 1430: 1500 underlay - 70 vxlan over IPv6
  n0["lan<br/>192.168.0.0/16<br/>fd00::/64<br/>mtu 1500"]
  n1(["vxlan 1<br/>udp 8472<br/>over lan (IPv6)"])
  subgraph g0["vm-001"]
    n2["vm-001<br/>pods 172.16.1.0/24<br/>pods 1000::1:ac10:100/120"]
    n3>"flannel.1<br/>fd00::1<br/>mtu 1430"]
    n4[/"cbr0<br/>172.16.1.254/24<br/>1000::1:ac10:1fe/120<br/>mtu 1430"/]
    n5("vm-001-ns01<br/>172.16.1.1/24<br/>1000::1:ac10:101/120")
    n6("vm-001-ns02 (down)<br/>172.16.1.2/24<br/>1000::1:ac10:102/120")
  end
  n0 -.-|"udp 8472"| n1
  n0 ---|"eth1<br/>192.168.0.1/16<br/>fd00::1/64"| n2
  n2 --- n3
  n1 -.- n3
  n2 --- n4
  n4 ---|"eth0"| n5
  n4 ---|"eth0"| n6
  classDef down stroke:#c4302b,stroke-width:3px
  class n6 down
`);
});

test("hostile names cannot leave their quotes", () => {
  const text = drawMermaid(graphOf(hostileLab()));
  const drawn = text.split("\n").filter((line) => !line.trim().startsWith("%%"));
  for (const line of drawn) {
    expect(line.replace(/"[^"]*"/g, "")).toMatch(/^[\sa-z0-9[\]()/>|.-]*$/i);
    expect(line.replaceAll("<br/>", "")).not.toMatch(/[<`]|%%/);
  }
});

test("a comment cannot become a directive", () => {
  const lab = { ...overlayLab(), name: "%%{init: {}}%%" };
  expect(drawMermaid(graphOf(lab))).not.toContain("{");
});

test("big labs stay below the 500 lines that Mermaid accepts", () => {
  const text = drawMermaid(graphOf(overlayLab({ nodes: 100, pods: 100 })));
  expect(text.match(/ (---|-\.-)/g)!.length).toBeLessThan(500);
  expect(text.length).toBeLessThan(50_000);
  expect(text).toContain("%% … and 80 more nodes (vm-021 … vm-100) with 8000 pods");
});

test("the same graph gives the same text", () => {
  expect(drawMermaid(graphOf(bridgedLab()))).toBe(drawMermaid(graphOf(bridgedLab())));
});
