import { expect, test } from "bun:test";
import { type Op, inverse } from "../../../src/change/index.ts";
import { addr, bridge, ifname, ip, link, prefix, route, wishOf } from "../wishes.ts";
import type { Scene } from "./scene.ts";

/** What every kernel must do with addresses, routes and rules. */
export function routesContract(scene: Scene): void {
  const { at, globals, ownRoutes, become, refusal } = scene;

  test("routes of all sorts", () => {
    const routes = [
      "default via 10.0.0.2 metric 50",
      "default via fd00::2",
      "10.1.0.0/16 via 10.0.0.2 src 10.0.0.1",
      "10.2.0.0/16 dev br0",
      "10.3.0.0/16 via 192.0.2.1 dev br0 onlink",
      "blackhole 10.4.0.0/16",
      "blackhole fd04::/16",
      "fd01::/64 via fd00::3 metric 7",
      "fd02::/64 via 2001:db8::1 dev br0 onlink",
      "10.5.0.0/16 via 10.0.0.2 table 77",
    ];
    const wish = (texts: readonly string[]) =>
      wishOf({ name: "nlc-a", links: [link(bridge("br0"), "10.0.0.1/24", "fd00::1/64")], routes: texts.map(route) });
    become(wish(routes));
    expect(ownRoutes("nlc-a")).toHaveLength(routes.length);
    const changed = routes.map((text) =>
      text.replace("via 10.0.0.2", "via 10.0.0.3").replace("via fd00::2", "via fd00::9"),
    );
    const ops = become(wish(changed));
    expect(new Set(ops.map((op) => op.do))).toEqual(new Set(["route.put"]));
    expect(ownRoutes("nlc-a")).toHaveLength(routes.length);
    become(wish(routes.slice(0, 3)));
    expect(ownRoutes("nlc-a")).toHaveLength(3);
  });

  test("of routes of one destination that are prepended, packets take the last", () => {
    const links = ["a0", "b0"].map((name, i) => link(bridge(name), `10.0.${i}.1/24`, `fd00:${i}::1/64`));
    become(wishOf({ name: "nlc-a", links }));
    const prepend = (text: string): Op => ({ do: "route.put", netns: "nlc-a", route: route(text), prepend: true });
    const ops = [
      prepend("default via 10.0.0.9 dev a0"),
      prepend("default via 10.0.1.9 dev b0"),
      prepend("default via fd00:0::9 dev a0"),
      prepend("default via fd00:1::9 dev b0"),
    ];
    scene.kernel.run(ops);
    expect(refusal(ops.slice(1, 2)).code).toBe("exists");
    const ways = (dst: string) =>
      ownRoutes("nlc-a")
        .filter((one) => one.dst === dst)
        .map(({ via, multipath }) => multipath?.map((hop) => hop.via as string) ?? via);
    expect(ways("0.0.0.0/0")).toEqual([ip("10.0.1.9"), ip("10.0.0.9")]);
    expect(ways("::/0")).toEqual([["fd00::9", "fd00:1::9"]]);
    for (const op of ops.slice(0, 2)) scene.kernel.run(inverse(op));
    expect(ways("0.0.0.0/0")).toEqual([]);
  });

  test("the hops of a route that is onlink are, and come back so with their link", () => {
    const links = [link(bridge("br0"), "10.0.0.1/24", "fd00::1/64")];
    const dev = ifname("br0");
    const hops = (...ways: readonly string[]) => ways.map((via) => ({ via: ip(via), dev, weight: 1 }));
    const routes = [
      { dst: prefix("10.9.0.0/16"), onlink: true, multipath: hops("192.0.2.1", "192.0.2.2") },
      { dst: prefix("fd09::/64"), onlink: true, multipath: hops("2001:db8::1", "2001:db8::2") },
    ];
    become(wishOf({ name: "nlc-a", links, routes }));
    const there = () => ownRoutes("nlc-a").filter(({ multipath }) => multipath !== undefined);
    expect(there()).toMatchObject(routes);
    const down: Op = { do: "link.set", netns: "nlc-a", name: dev, set: { up: false }, was: { up: true } };
    const lost = there().map(({ protocol: _, ...was }): Op => ({ do: "route.put", netns: "nlc-a", route: was }));
    const addrs: readonly Op[] = [{ do: "addr.add", netns: "nlc-a", dev, addr: addr("fd00::1/64") }];
    scene.kernel.run([down]);
    expect(there()).toEqual([]);
    scene.kernel.run(inverse({ ...down, lost: [...addrs, ...lost] }));
    expect(there()).toMatchObject(routes);
  });

  test("an address without a route to its prefix, and one that others add too", () => {
    become(wishOf({ name: "nlc-a", links: [link(bridge("br0"))] }));
    const dev = ifname("br0");
    const bare = { ...addr("10.0.0.1/24"), noPrefixRoute: true, broadcast: ip("10.0.0.255") };
    scene.kernel.run([{ do: "addr.add", netns: "nlc-a", dev, addr: bare }]);
    expect(at("nlc-a").routes.filter(({ dst }) => dst === prefix("10.0.0.0/24"))).toEqual([]);
    const gateway: Op = { do: "addr.add", netns: "nlc-a", dev, addr: addr("10.1.0.1/24"), replace: true };
    scene.kernel.run([gateway, gateway]);
    expect(globals("nlc-a", "br0")).toEqual([prefix("10.0.0.1/24"), prefix("10.1.0.1/24")]);
  });

  test("rules", () => {
    const rule = { family: 4, priority: 100, table: 77, from: prefix("10.0.0.0/8") } as const;
    const six = { family: 6, priority: 101, table: 78, iif: ifname("lo"), mark: 5 } as const;
    become(wishOf({ name: "nlc-a", links: [], rules: [rule, six] }));
    expect(at("nlc-a").rules).toEqual(
      expect.arrayContaining([expect.objectContaining(rule), expect.objectContaining(six)]),
    );
    expect(refusal([{ do: "rule.add", netns: "nlc-a", rule }])).toMatchObject({ code: "exists", index: 0 });
    become(wishOf({ name: "nlc-a", links: [] }));
    expect(at("nlc-a").rules).not.toEqual(expect.arrayContaining([expect.objectContaining(rule)]));
  });
}
