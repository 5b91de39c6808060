import { describe, expect, test } from "bun:test";
import { type LinkWish, type Wish, diff, inverse } from "../../src/change/index.ts";
import { MemoryKernel } from "../../src/kernel/memory.ts";
import { Story } from "./story.ts";
import { ifname, link, route, vxlan, wishOf } from "./wishes.ts";

describe("ops for a link on a device of another namespace:", () => {
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
