import { describe, expect, test } from "bun:test";
import { type NetnsWish, type Wish, ConflictError, diff, printOp } from "../../src/change/index.ts";
import { MemoryKernel } from "../../src/kernel/memory.ts";
import { bridge, ifname, link, prefix, route, veth, wishOf } from "./wishes.ts";

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
