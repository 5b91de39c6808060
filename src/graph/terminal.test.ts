import { expect, test } from "bun:test";
import { bridgedLab, hostileLab, overlayLab, twoNetworksLab } from "./_fixture.ts";
import { graphOf } from "./build.ts";
import { drawTerminal } from "./terminal.ts";

test("two nodes with three pods, joined by vxlan, in 80 columns", () => {
  expect(drawTerminal(graphOf(overlayLab()))).toBe(`overlay: 2 nodes, 6 pods

lan  192.168.0.0/16  fd00::/64  mtu 1500
━━━┯━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┯━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
   │ eth1                                  │ eth1
╭──┴─ vm-001 ──────────────────────╮    ╭──┴─ vm-002 ──────────────────────╮
│ eth1       192.168.0.1/16        │    │ eth1       192.168.0.2/16        │
│            fd00::1/64            │    │            fd00::2/64            │
│ flannel.1  fd00::1  mtu 1430     ├╌╌╌╌┤ flannel.1  fd00::2  mtu 1430     │
│ cbr0       172.16.1.254/24       │    │ cbr0       172.16.2.254/24       │
│ │          1000::1:ac10:1fe/120  │    │ │          1000::1:ac10:2fe/120  │
│ │          mtu 1430              │    │ │          mtu 1430              │
│ ├─ vm-001-ns01  172.16.1.1       │    │ ├─ vm-002-ns01  172.16.2.1       │
│ │               1000::1:ac10:101 │    │ │               1000::1:ac10:201 │
│ ├─ vm-001-ns02  172.16.1.2       │    │ ├─ vm-002-ns02  172.16.2.2       │
│ │               1000::1:ac10:102 │    │ │               1000::1:ac10:202 │
│ └─ vm-001-ns03  172.16.1.3       │    │ └─ vm-002-ns03  172.16.2.3       │
│                 1000::1:ac10:103 │    │                 1000::1:ac10:203 │
╰──────────────────────────────────╯    ╰──────────────────────────────────╯

joined by vxlan 1: flannel.1, udp 8472, over lan (IPv6)
MTU 1430: 1500 underlay - 70 vxlan over IPv6
`);
});

test("too narrow for both: rows joined by the rail, in ASCII, with states", () => {
  const states = new Map([
    ["node:vm-001", "up"],
    ["pod:vm-002/vm-002-ns01", "down"],
  ] as const);
  const graph = graphOf(overlayLab({ nodes: 2, pods: 1 }), states);
  expect(drawTerminal(graph, { width: 44, ascii: true })).toBe(`overlay: 2 nodes, 2 pods

lan  192.168.0.0/16  fd00::/64  mtu 1500
#====+===============================
#    | eth1
# +--+- vm-001 ---------------------+
# | eth1       192.168.0.1/16       |
# |            fd00::1/64           |
# | flannel.1  fd00::1  mtu 1430    +.
# | cbr0       172.16.1.254/24      |
# | |          1000::1:ac10:1fe/120 |
# | |          mtu 1430             |
# | \`- vm-001-ns01                  |
# |      172.16.1.1                 |
# |      1000::1:ac10:101           |
# +---------------------------------+
#====+===============================
     | eth1
  +--+- vm-002 ---------------------+
  | eth1       192.168.0.2/16       |
  |            fd00::2/64           |
 .+ flannel.1  fd00::2  mtu 1430    |
  | cbr0       172.16.2.254/24      |
  | |          1000::1:ac10:2fe/120 |
  | |          mtu 1430             |
  | \`- vm-002-ns01 (down)           |
  |      172.16.2.1                 |
  |      1000::1:ac10:201           |
  +---------------------------------+

joined by vxlan 1: flannel.1, udp 8472, over
lan (IPv6)
MTU 1430: 1500 underlay - 70 vxlan over IPv6
`);
});

test("lines pass over the rails of other LANs; impairments and summaries are told", () => {
  expect(drawTerminal(graphOf(bridgedLab()), { width: 100, maxPods: 1 })).toBe(`bridged: 2 nodes, 6 pods

lan   192.168.0.0/16  fd00::/64  mtu 1500
mgmt  192.168.0.0/16  fd00::/64  mtu 9000
━━━┯━ lan ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┯━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
━━━│━━━━━━┯━ mgmt ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━│━━━━━━┯━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
   │ eth1 │ eth2                                     │ eth1 │ eth2
╭──┴──────┴─ vm-001 ───────────────────────────╮  ╭──┴──────┴─ vm-002 ───────────────────────────╮
│ eth1  port of cbr0                           │  │ eth1  port of cbr0                           │
│ eth2  192.168.0.1/16                         │  │ eth2  192.168.0.2/16                         │
│       fd00::1/64                             │  │       fd00::2/64                             │
│       ▲ out: rate 10mbit, delay 5ms, loss 1% │  │                                              │
│       ▲ in: delay 5ms, jitter 500us          │  │                                              │
│ cbr0  172.16.1.254/24                        │  │ cbr0  172.16.2.254/24                        │
│ │     1000::1:ac10:1fe/120                   │  │ │     1000::1:ac10:2fe/120                   │
│ │     mtu 1430                               │  │ │     mtu 1430                               │
│ ├─ vm-001-ns01  172.16.1.1                   │  │ ├─ vm-002-ns01  172.16.2.1                   │
│ │               1000::1:ac10:101             │  │ │               1000::1:ac10:201             │
│ └─ … and 2 more pods                         │  │ └─ … and 2 more pods                         │
╰──────────────────────────────────────────────╯  ╰──────────────────────────────────────────────╯

joined by l2: every node's bridge has a port on lan
MTU 1430: 1500 underlay - 70 vxlan over IPv6
`);
});

const labs = [
  overlayLab(),
  overlayLab({ nodes: 5, pods: 20 }),
  overlayLab({ nodes: 50, pods: 100 }),
  overlayLab({ nodes: 0 }),
  overlayLab({ pods: 0 }),
  bridgedLab(),
  hostileLab(),
];

test.each([24, 31, 40, 60, 80, 100, 133, 200])("no line is wider than %p columns", (width) => {
  for (const ascii of [true, false]) {
    for (const lab of labs) {
      const lines = drawTerminal(graphOf(lab), { width, ascii }).split("\n");
      expect(Math.max(...lines.map((line) => Bun.stringWidth(line)))).toBeLessThanOrEqual(width);
    }
  }
});

test("boxes are closed: their frames are as wide at the bottom as at the top", () => {
  const lines = drawTerminal(graphOf(overlayLab({ nodes: 5, pods: 4 })), { width: 120 }).split("\n");
  const frames = lines.filter((line) => /[╭╰]/.test(line)).map((line) => Bun.stringWidth(line));
  expect(frames).toEqual([frames[0]!, frames[0]!, frames[2]!, frames[2]!]);
});

test("a big lab is counted, not drawn", () => {
  const text = drawTerminal(graphOf(overlayLab({ nodes: 50, pods: 100 })), { width: 120 });
  expect(text).toContain("└─ … and 97 more pods");
  expect(text).toContain("… and 38 more nodes (vm-013 … vm-050) with 3800 pods");
  expect(text).not.toContain("vm-013-ns01");
});

test("everything is drawn when asked", () => {
  const graph = graphOf(overlayLab({ nodes: 100, pods: 20 }));
  const text = drawTerminal(graph, { maxNodes: Infinity, maxPods: Infinity });
  expect(text.match(/vm-\d+-ns\d+/g)).toHaveLength(2000);
});

test("hostile names are spelt out", () => {
  const text = drawTerminal(graphOf(hostileLab()), { width: 200 });
  expect(text).toContain("\\x1b[2J\\x0anew\\u202e");
  expect(text).not.toContain("\u001b");
  expect(text).not.toContain("\u202e");
});

test("paint changes no column, and wide names keep boxes straight", () => {
  const lab = overlayLab();
  const nodes = lab.nodes.map((node) => ({
    ...node,
    pods: node.pods.map((pod) => ({ ...pod, name: `日本${pod.number}` })),
  }));
  const graph = graphOf({ ...lab, nodes }, new Map([["node:vm-001", "down"]]));
  const painted = drawTerminal(graph, { paint: (_tone, text) => `\u001b[31m${text}\u001b[0m` });
  expect(painted).toContain("\u001b[31m");
  expect(Bun.stripANSI(painted)).toBe(drawTerminal(graph));
  const widths = drawTerminal(graph)
    .split("\n")
    .slice(5, 18)
    .map((line) => Bun.stringWidth(line));
  expect(new Set(widths).size).toBe(1);
});

test("several networks on a node, each bridge with its own pods below it, and a host outside", () => {
  const text = drawTerminal(graphOf(twoNetworksLab()), { width: 100 });
  expect(text.split("\n")[0]).toBe("overlay: 1 node, 2 pods, 1 host outside");
  const order = ["port of br-red", "br-red   mtu", "vm-001-ns01", "br-blue", "vm-001-ns02"].map((word) =>
    text.indexOf(word),
  );
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order.every((at) => at > 0)).toBe(true);
  expect(text).toContain("┴─ outside ─");
  expect(text).toContain("eth7  172.16.1.100/24");
});
