import { describe, expect, test } from "bun:test";
import { diff, formatSummary, summarize, summaryToJson } from "../../src/change/index.ts";
import { Story, node, pod, port } from "./story.ts";
import { bridge, ifname, ip, link, mac, prefix, route, veth, vxlan, wishOf } from "./wishes.ts";

describe("plans, as people read them:", () => {
  test("everything is new", () => {
    expect(new Story().plan(wishOf(node(2), pod(2)))).toBe(`
  + namespace node with 1 sysctl
  +   bridge br0 10.0.0.1/24 fd00::1/64
  +   veth p2 to pod-2/eth0
  + namespace pod-2
  +   veth eth0 to node/p2 10.0.0.2/24 fd00::2/64
  +   route default via 10.0.0.1
  +   route ::/0 via fd00::1
    7 to create, 0 to change, 0 to delete
`);
  });

  test("changes in place", () => {
    const story = new Story();
    story.plan(wishOf(node(2), pod(2)));
    const after = {
      ...node(),
      links: [
        link(bridge("br0", { mtu: 1300 }), "10.0.0.1/24", "10.0.9.1/24", "fd00::1/64"),
        port(2, { port: { isolated: true } }),
      ],
    };
    expect(story.plan(wishOf(after, pod(2, { routes: [route("default via 10.0.0.7"), route("default via fd00::1")] }))))
      .toBe(`
    namespace node
  ~   br0 mtu 1400 → 1300
  +     address 10.0.9.1/24
  ~   p2 port isolated off → on
    namespace pod-2
  ~   route default via 10.0.0.1 dev eth0 → default via 10.0.0.7
    1 to create, 3 to change, 0 to delete
`);
  });

  test("a bridge becomes something else: its ports are cut off", () => {
    const story = new Story();
    story.plan(wishOf(node(2), pod(2)));
    const other = {
      ...node(),
      links: [
        link(
          { name: ifname("br0"), kind: "bridge", up: true, mtu: 1400, data: { stpState: 1 } },
          "10.0.0.1/24",
          "fd00::1/64",
        ),
        port(2),
      ],
    };
    expect(story.plan(wishOf(other, pod(2)))).toBe(`
    namespace node
-/+   bridge br0 stp_state 1 10.0.0.1/24 fd00::1/64 (stpState unset → 1)
  ! cuts off node (p2)
    1 to create, 0 to change, 1 to delete
`);
  });

  test("the other end of a veth is made anew with it, and its addresses and routes come back", () => {
    const story = new Story();
    story.plan(wishOf(node(2), pod(2)));
    const renamed = {
      ...node(),
      links: [...node().links, link(veth("port2", "pod-2/eth0", { master: ifname("br0") }))],
    };
    const wish = wishOf(renamed, pod(2, { links: [link(veth("eth0", "node/port2"), "10.0.0.2/24", "fd00::2/64")] }));
    expect(story.plan(wish)).toBe(`
    namespace node
  -   veth p2 to pod-2/eth0
  +   veth port2 to pod-2/eth0
    namespace pod-2
-/+   veth eth0 to node/port2 10.0.0.2/24 fd00::2/64 (goes with node/p2)
  ! cuts off node (p2), pod-2 (eth0)
    2 to create, 0 to change, 2 to delete
`);
  });

  test("a pod goes", () => {
    const story = new Story();
    story.plan(wishOf(node(2, 3), pod(2), pod(3)));
    expect(story.plan(wishOf(node(2), pod(2)))).toBe(`
    namespace node
  -   veth p3 to pod-3/eth0
  - namespace pod-3 with eth0
    0 to create, 0 to change, 2 to delete
`);
  });

  test("neighbours, forwarding entries, rules and queues", () => {
    const story = new Story();
    const dev = ifname("vx0");
    const wish = (last: number, rate?: number) =>
      wishOf({
        name: "a",
        links: [
          {
            ...link(vxlan("vx0", 7)),
            ...(rate && { qdisc: { kind: "tbf", rate, burst: 10_000, latency: 50_000 } as const }),
          },
        ],
        neighs: [{ dev, ip: ip("10.1.0.0"), mac: mac(`02:00:00:00:00:0${last}`) }],
        fdb: [{ dev, mac: mac("02:00:00:00:00:01"), dst: ip(`10.0.0.${last}`) }],
        rules: [{ family: 4, priority: 100 + last, table: 77, from: prefix("10.0.0.0/8") }],
      });
    story.plan(wish(1, 1000));
    expect(story.plan(wish(2))).toBe(`
    namespace a
      vx0
  -     queue tbf rate 8000bit burst 10000b latency 50000us
  ~     neighbour 10.1.0.0 02:00:00:00:00:01 → 02:00:00:00:00:02
  ~     forwarding 02:00:00:00:00:01 10.0.0.1 → 10.0.0.2
  -   rule priority 101 from 10.0.0.0/8 lookup 77
  +   rule priority 102 from 10.0.0.0/8 lookup 77
    1 to create, 2 to change, 2 to delete
`);
  });
});

test("a plan as JSON, and in colours", () => {
  const ops = diff(wishOf({ name: "a", links: [] }), new Map());
  const summary = summarize(ops);
  expect(summaryToJson(summary, ops)).toEqual({
    schemaVersion: 1,
    create: 1,
    change: 0,
    delete: 0,
    ops: [{ do: "netns.create", netns: "a", owner: "netloom:contract", hostname: "a" }],
  });
  expect(formatSummary(summary.lines, { color: true })).toBe(
    "\u001b[32m  + namespace a\u001b[0m\n    1 to create, 0 to change, 0 to delete",
  );
  expect(formatSummary(summarize([]).lines)).toBe("    0 to create, 0 to change, 0 to delete");
});
