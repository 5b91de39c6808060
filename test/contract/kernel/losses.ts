import { describe, expect, test } from "bun:test";
import { type Op, diff, inverse } from "../../../src/change/index.ts";
import { addr, bridge, ifname, ip, link, mac, route, wishOf } from "../wishes.ts";
import { type Scene, promote } from "./scene.ts";

/** What every kernel must take along with a change that is not about it. */
export function lossesContract(scene: Scene): void {
  const { all, at, ownRoutes, become } = scene;

  describe("what goes along", () => {
    const rich = {
      name: "nlc-a",
      links: [link(bridge("br0"), "10.0.0.1/24", "10.0.0.5/24", "fd00::1/64"), link(bridge("br1"), "10.1.0.1/24")],
      routes: [
        route("default via 10.0.0.2"),
        route("10.6.0.0/16 via 10.1.0.2 src 10.0.0.1"),
        route("fd06::/64 via fd00::2 src fd00::1"),
      ],
      neighs: ["10.0.0.2", "fd00::2"].map((text) => ({
        dev: ifname("br0"),
        ip: ip(text),
        mac: mac("02:00:00:00:00:22"),
      })),
    };
    const changes: readonly (readonly [string, Op])[] = [
      [
        "a link that goes down",
        { do: "link.set", netns: "nlc-a", name: ifname("br0"), set: { up: false }, was: { up: true } },
      ],
      [
        "a new hardware address",
        { do: "link.set", netns: "nlc-a", name: ifname("br0"), set: { mac: mac("02:00:00:00:00:77") }, was: {} },
      ],
      [
        "the first of a subnet's addresses",
        { do: "addr.delete", netns: "nlc-a", dev: ifname("br0"), addr: addr("10.0.0.1/24") },
      ],
      ["a second address", { do: "addr.delete", netns: "nlc-a", dev: ifname("br0"), addr: addr("10.0.0.5/24") }],
      ["an IPv6 address", { do: "addr.delete", netns: "nlc-a", dev: ifname("br0"), addr: addr("fd00::1/64") }],
      ["a link", { do: "link.delete", netns: "nlc-a", name: ifname("br0") }],
    ];
    const left: Readonly<Record<string, readonly string[]>> = {
      "a link that goes down": ["10.0.0.1/24", "10.0.0.5/24", "10.1.0.1/24", "10.6.0.0/16 via 10.1.0.2 src 10.0.0.1"],
      "a new hardware address": [
        "10.0.0.1/24",
        "10.0.0.5/24",
        "fd00::1/64",
        "10.1.0.1/24",
        "0.0.0.0/0 via 10.0.0.2",
        "10.6.0.0/16 via 10.1.0.2 src 10.0.0.1",
        "fd06::/64 via fd00::2 src fd00::1",
      ],
      "the first of a subnet's addresses": [
        "fd00::1/64",
        "10.1.0.1/24",
        "fd06::/64 via fd00::2 src fd00::1",
        "neigh fd00::2",
      ],
      "a second address": [
        "10.0.0.1/24",
        "fd00::1/64",
        "10.1.0.1/24",
        "0.0.0.0/0 via 10.0.0.2",
        "10.6.0.0/16 via 10.1.0.2 src 10.0.0.1",
        "fd06::/64 via fd00::2 src fd00::1",
        "neigh 10.0.0.2",
        "neigh fd00::2",
      ],
      "an IPv6 address": [
        "10.0.0.1/24",
        "10.0.0.5/24",
        "10.1.0.1/24",
        "0.0.0.0/0 via 10.0.0.2",
        "10.6.0.0/16 via 10.1.0.2 src 10.0.0.1",
        "fd06::/64 via fd00::2",
        "neigh 10.0.0.2",
        "neigh fd00::2",
      ],
      "a link": ["10.1.0.1/24"],
    };
    const remains = () => {
      const { links, neighs } = at("nlc-a");
      const addrs = links.flatMap(({ addrs }) =>
        addrs.filter(({ fromKernel }) => !fromKernel).map((fact) => fact.prefix as string),
      );
      const routes = ownRoutes("nlc-a").map(({ dst, via, src }) =>
        [dst, "via", via, ...(src === undefined ? [] : ["src", src])].join(" "),
      );
      const permanent = neighs.filter(({ state }) => state === "permanent").map((neigh) => `neigh ${neigh.ip}`);
      return [...addrs, ...routes, ...permanent].sort();
    };

    test.each(changes)("with %s", (what, op) => {
      become(wishOf({ ...rich, sysctls: Object.fromEntries(promote.map((key) => [key, "0"])) }));
      scene.kernel.run([op]);
      expect(remains()).toEqual([...(left[what] ?? [])].sort());
      become(wishOf(rich));
    });

    test("is put back by the inverse of what diff planned", () => {
      become(wishOf(rich));
      const before = remains();
      const poor = wishOf({
        name: "nlc-a",
        links: [link(bridge("br0", { up: false, mac: mac("02:00:00:00:00:88") }), "10.0.0.5/24")],
      });
      const ops = diff(poor, all());
      scene.kernel.run(ops);
      expect(remains()).toEqual(["10.0.0.5/24"]);
      for (const op of [...ops].reverse()) scene.kernel.run(inverse(op));
      expect(remains()).toEqual(before);
    });
  });
}
