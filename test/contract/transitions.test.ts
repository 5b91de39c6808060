import { describe, expect, test } from "bun:test";
import {
  type LinkWish,
  type NetnsWish,
  type Wish,
  ConflictError,
  diff,
  formatSummary,
  inverse,
  printOp,
  summarize,
  summaryToJson,
} from "../../src/change/index.ts";
import { MemoryKernel } from "../../src/kernel/memory.ts";
import { bridge, ifname, ip, link, mac, prefix, route, veth, vxlan, wishOf } from "./wishes.ts";

/** Wishes one after the other on a kernel in memory; answers the plan of each. The same wish again must plan nothing. */
class Story {
  readonly #kernel = new MemoryKernel();
  #plan = "";

  ops(wish: Wish): string[] {
    const ask = () =>
      this.#kernel.facts({ namespaces: this.#kernel.namespaces(), sysctls: () => ["net.ipv4.ip_forward"] });
    const facts = ask();
    const ops = diff(wish, facts);
    this.#plan = `\n${formatSummary(summarize(ops, facts).lines)}\n`;
    this.#kernel.run(ops);
    expect(diff(wish, ask()).map(printOp)).toEqual([]);
    return ops.map(printOp);
  }

  plan(wish: Wish): string {
    this.ops(wish);
    return this.#plan;
  }
}

const pod = (last: number, more: Partial<NetnsWish> = {}): NetnsWish => ({
  name: `pod-${last}`,
  links: [link(veth("eth0", `node/p${last}`), `10.0.0.${last}/24`, `fd00::${last}/64`)],
  routes: [route("default via 10.0.0.1"), route("default via fd00::1")],
  ...more,
});
const port = (last: number, more = {}) =>
  link(veth(`p${last}`, `pod-${last}/eth0`, { master: ifname("br0"), ...more }));
const node = (...ports: number[]): NetnsWish => ({
  name: "node",
  hostname: "node",
  sysctls: { "net.ipv4.ip_forward": "1" },
  links: [link(bridge("br0", { mtu: 1400 }), "10.0.0.1/24", "fd00::1/64"), ...ports.map((last) => port(last))],
});

describe("ops, as iproute2 writes them:", () => {
  test("a node with two pods comes, loses one and goes", () => {
    const story = new Story();
    expect(story.ops(wishOf(node(2, 3), pod(2), pod(3)))).toEqual([
      "ip netns add node  # netloom:contract, hostname node",
      "ip netns add pod-2  # netloom:contract, hostname pod-2",
      "ip netns add pod-3  # netloom:contract, hostname pod-3",
      "ip netns exec node sysctl -w net.ipv4.ip_forward=1",
      "ip -n node link add name br0 up type bridge && ip -n node link set dev br0 mtu 1400",
      "ip -n node link add name p2 master br0 up type veth peer name eth0 netns pod-2",
      "ip -n node link add name p3 master br0 up type veth peer name eth0 netns pod-3",
      "ip -n node addr add 10.0.0.1/24 dev br0",
      "ip -n node addr add fd00::1/64 dev br0 nodad",
      "ip -n pod-2 link set dev eth0 up",
      "ip -n pod-2 addr add 10.0.0.2/24 dev eth0",
      "ip -n pod-2 addr add fd00::2/64 dev eth0 nodad",
      "ip -n pod-2 route replace default via 10.0.0.1",
      "ip -n pod-2 route replace ::/0 via fd00::1",
      "ip -n pod-3 link set dev eth0 up",
      "ip -n pod-3 addr add 10.0.0.3/24 dev eth0",
      "ip -n pod-3 addr add fd00::3/64 dev eth0 nodad",
      "ip -n pod-3 route replace default via 10.0.0.1",
      "ip -n pod-3 route replace ::/0 via fd00::1",
    ]);
    expect(story.ops(wishOf(node(2), pod(2)))).toEqual(["ip -n node link delete dev p3", "ip netns delete pod-3"]);
    expect(story.ops(wishOf())).toEqual(["ip netns delete node", "ip netns delete pod-2"]);
  });

  test("what an address takes along is put again", () => {
    const story = new Story();
    const wish = (...addrs: string[]) =>
      wishOf({ name: "a", links: [link(bridge("br0"), ...addrs)], routes: [route("default via 10.0.0.9")] });
    story.ops(wish("10.0.0.1/24", "10.0.0.2/24", "10.0.0.3/24"));
    expect(story.ops(wish("10.0.0.2/24", "10.0.0.3/24"))).toEqual([
      "ip -n a route delete default via 10.0.0.9 dev br0",
      "ip -n a addr delete 10.0.0.3/24 dev br0",
      "ip -n a addr delete 10.0.0.2/24 dev br0",
      "ip -n a addr delete 10.0.0.1/24 dev br0",
      "ip -n a addr add 10.0.0.2/24 dev br0",
      "ip -n a addr add 10.0.0.3/24 dev br0",
      "ip -n a route replace default via 10.0.0.9",
    ]);
  });

  test("what stands on a link is made before what stands on that", () => {
    const upper = link({
      name: ifname("mv0"),
      kind: "macvlan",
      lower: ifname("vx0"),
      data: { mode: "bridge" },
      master: ifname("br0"),
    });
    const wish = (id: number) => wishOf({ name: "a", links: [upper, link(vxlan("vx0", id)), link(bridge("br0"))] });
    const story = new Story();
    const [, ...made] = story.ops(wish(7));
    expect(made).toEqual([
      "ip -n a link add name vx0 up type vxlan id 7 dstport 4789 local 10.0.0.1 nolearning",
      "ip -n a link add name br0 up type bridge",
      "ip -n a link add link vx0 name mv0 master br0 type macvlan mode bridge",
    ]);
    expect(story.ops(wish(8)).map((line) => line.split(" ").slice(4, 8).join(" "))).toEqual([
      "delete dev mv0",
      "delete dev vx0",
      "add name vx0 up",
      "add link vx0 name",
    ]);
  });

  describe("on a device of another namespace", () => {
    const child = (mode: "bridge" | "private", more: object = {}): LinkWish =>
      link(
        {
          name: ifname("eth0"),
          kind: "macvlan",
          lower: ifname("eth1"),
          lowerNetns: "node",
          data: { mode },
          up: true,
          ...more,
        },
        "10.0.0.2/24",
      );
    const lab = (mode: "bridge" | "private" = "bridge", vni = 7, more: object = {}): Wish =>
      wishOf(
        { name: "pod", links: [child(mode, more)], routes: [route("10.9.0.0/24 dev eth0")] },
        { name: "node", links: [link(vxlan("eth1", vni)), link(vxlan("eth2", 99))] },
      );
    const links = (lines: readonly string[]): readonly string[] =>
      lines.filter((line) => / link (add|delete) /.test(line));

    test("it is made after that, and stays", () => {
      expect(links(new Story().ops(lab()))).toEqual([
        "ip -n node link add name eth1 up type vxlan id 7 dstport 4789 local 10.0.0.1 nolearning",
        "ip -n node link add link eth1 name eth0 netns pod up type macvlan mode bridge",
        "ip -n node link add name eth2 up type vxlan id 99 dstport 4789 local 10.0.0.1 nolearning",
      ]);
    });

    test("it goes before that, and is made anew with all it has", () => {
      const story = new Story();
      story.ops(lab());
      expect(links(story.ops(lab("bridge", 8)))).toEqual([
        "ip -n pod link delete dev eth0",
        "ip -n node link delete dev eth1",
        "ip -n node link add name eth1 up type vxlan id 8 dstport 4789 local 10.0.0.1 nolearning",
        "ip -n node link add link eth1 name eth0 netns pod up type macvlan mode bridge",
      ]);
    });

    test("it does not wait for its namespace to go", () => {
      const story = new Story();
      story.ops(lab());
      expect(story.ops(wishOf(...lab().namespaces.slice(1)))).toEqual([
        "ip -n pod link delete dev eth0",
        "ip netns delete pod",
      ]);
    });

    test("another mode or another device is made anew, and says why", () => {
      const story = new Story();
      story.ops(lab());
      expect(story.plan(lab("private"))).toContain("mode bridge → private");
      expect(story.plan(lab("private", 7, { lower: ifname("eth2") }))).toContain("is not on node/eth2");
    });

    test("one that went with its device comes back", () => {
      const kernel = new MemoryKernel();
      const plan = () => diff(lab(), kernel.facts({ namespaces: kernel.namespaces() }));
      kernel.run(plan());
      kernel.run([{ do: "link.delete", netns: "node", name: ifname("eth1") }]);
      kernel.run(plan());
      expect(kernel.link("pod", "eth0")).toMatchObject({
        kind: "macvlan",
        lowerIndex: kernel.link("node", "eth1")?.index,
      });
      expect(plan()).toEqual([]);
    });

    test("its removal can be taken back", () => {
      const kernel = new MemoryKernel();
      const facts = () => kernel.facts({ namespaces: kernel.namespaces() });
      kernel.run(diff(lab(), facts()));
      const before = facts();
      const ops = diff(lab("private", 8), before);
      kernel.run(ops);
      for (const op of ops.toReversed()) kernel.run(inverse(op));
      expect(diff(lab(), facts())).toEqual([]);
    });
  });

  test("an IPv6 route whose source goes makes room for another way", () => {
    const story = new Story();
    const wish = (source: string, way: string) =>
      wishOf({
        name: "a",
        links: [
          link(bridge("br0"), "fd00::1/64"),
          link(bridge("br1"), "fd01::1/64"),
          link(bridge(source), "fd02::1/64"),
        ],
        routes: [route(`fd09::/64 via ${way} src fd02::1`)],
      });
    story.ops(wish("one", "fd00::2"));
    expect(story.ops(wish("two", "fd01::2")).filter((line) => line.includes("route"))).toEqual([
      "ip -n a route delete fd09::/64 via fd00::2 dev br0 src fd02::1 metric 1024",
      "ip -n a route replace fd09::/64 via fd01::2 src fd02::1",
    ]);
    expect(story.ops(wish("three", "fd01::2")).filter((line) => line.includes("route"))).toEqual([
      "ip -n a route replace fd09::/64 via fd01::2 src fd02::1",
    ]);
  });

  test("a parameter of a link waits for the link", () => {
    const key = "net.ipv4.conf.br0.rp_filter";
    expect(
      diff(wishOf({ name: "a", sysctls: { [key]: "0" }, links: [link(bridge("br0"))] }), new Map()).map(printOp),
    ).toEqual([
      "ip netns add a  # netloom:contract, hostname a",
      "ip -n a link add name br0 up type bridge",
      `ip netns exec a sysctl -w ${key}=0`,
    ]);
  });
});

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

describe("a wish that cannot be had", () => {
  const conflict = (wish: Wish, kernel = new MemoryKernel()): ConflictError => {
    try {
      diff(wish, kernel.facts({ namespaces: kernel.namespaces() }));
    } catch (error) {
      if (error instanceof ConflictError) return error;
      throw error;
    }
    return expect.unreachable("there was no conflict");
  };

  test("somebody else's namespace is left alone", () => {
    const kernel = new MemoryKernel();
    kernel.run([{ do: "netns.create", netns: "a", owner: "netloom:other", hostname: "a" }]);
    const error = conflict(wishOf({ name: "a", links: [] }), kernel);
    expect(error).toMatchObject({ code: "taken", netns: "a", owner: "netloom:other" });
    expect(error.message).toBe(
      'namespace a is wanted by "netloom:contract" but exists and belongs to "netloom:other"; it is left untouched. To go on, rename it in the wish, or remove it yourself if nobody needs it: ip netns delete a',
    );
    expect(diff(wishOf(), kernel.facts({ namespaces: ["a"] }))).toEqual([]);
  });

  test.each([
    ["wished twice", wishOf({ name: "a", links: [] }, { name: "a", links: [] })],
    ["two links are called br0", wishOf({ name: "a", links: [link(bridge("br0")), link(bridge("br0"))] })],
    ["the other end b/v1, which is not wished", wishOf({ name: "a", links: [link(veth("v0", "b/v1"))] })],
    ["no other end", wishOf({ name: "a", links: [link({ name: ifname("v0"), kind: "veth" })] })],
    [
      "stands on itself",
      wishOf({
        name: "a",
        links: [
          link({ name: ifname("m0"), kind: "macvlan", lower: ifname("m1") }),
          link({ name: ifname("m1"), kind: "macvlan", lower: ifname("m0") }),
        ],
      }),
    ],
  ])("%s", (what, wish) => {
    expect(conflict(wish)).toMatchObject({ code: "contradiction", netns: "a" });
    expect(conflict(wish).message).toContain(what);
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

test("in a shared namespace only what is ours is compared, and removed", () => {
  const kernel = new MemoryKernel();
  const shared = (...links: NetnsWish["links"]): Wish =>
    wishOf({
      name: "node",
      shared: true,
      links,
      ...(links.length > 0 && { routes: [route("10.5.0.0/16 via 10.0.0.9")] }),
    });
  const ours = link(bridge("br0", { alias: "netloom:contract/node/br0" }), "10.0.0.1/24");
  const ask = () => kernel.facts({ namespaces: ["node"] });
  kernel.run(diff(shared(ours), ask()));
  kernel.run([
    { do: "link.add", netns: "node", link: bridge("cni0") },
    { do: "addr.add", netns: "node", dev: ifname("cni0"), addr: { prefix: prefix("10.1.0.1/24") } },
    { do: "route.put", netns: "node", route: route("10.7.0.0/16 via 10.1.0.7") },
    { do: "rule.add", netns: "node", rule: { family: 4, priority: 100, table: 100 } },
  ]);
  expect(diff(shared(ours), ask()).map(printOp)).toEqual([]);
  expect(diff(shared(), ask()).map(printOp)).toEqual(["ip -n node link delete dev br0"]);
});
