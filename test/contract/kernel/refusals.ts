import { beforeEach, describe, expect, test } from "bun:test";
import { type Op, printOp } from "../../../src/change/index.ts";
import type { OpError } from "../../../src/kernel/index.ts";
import { addr, bridge, ifname, link, route, wishOf } from "../wishes.ts";
import { type Scene, forwarding } from "./scene.ts";

/** What every kernel must refuse, and how it says so. */
export function refusalsContract(scene: Scene): void {
  const { at, become, refusal } = scene;

  describe("refusals", () => {
    const br0 = ifname("br0");
    beforeEach(() => {
      become(wishOf({ name: "nlc-a", links: [link(bridge("br0"), "10.0.0.1/24", "fd00::1/64")] }));
    });
    const fine: Op = { do: "sysctl.set", netns: "nlc-a", key: forwarding, value: "1" };
    const refused: readonly (readonly [string, Op, OpError["code"]])[] = [
      ["a link whose name is taken", { do: "link.add", netns: "nlc-a", link: bridge("br0") }, "exists"],
      [
        "a link in a namespace that is not there",
        { do: "link.add", netns: "nlc-none", link: bridge("br0") },
        "refused",
      ],
      [
        "a link on a device that is not there",
        { do: "link.add", netns: "nlc-a", link: { name: ifname("mv0"), kind: "macvlan", lower: ifname("none") } },
        "refused",
      ],
      [
        "a change of a link that is not there",
        { do: "link.set", netns: "nlc-a", name: ifname("none"), set: { up: true }, was: {} },
        "refused",
      ],
      ["an address that is there", { do: "addr.add", netns: "nlc-a", dev: br0, addr: addr("10.0.0.1/24") }, "exists"],
      [
        "an IPv6 address that is there with another length",
        { do: "addr.add", netns: "nlc-a", dev: br0, addr: addr("fd00::1/80") },
        "exists",
      ],
      [
        "an address on no device",
        { do: "addr.add", netns: "nlc-a", dev: ifname("none"), addr: addr("10.0.0.1/24") },
        "refused",
      ],
      ["a gateway on no link", { do: "route.put", netns: "nlc-a", route: route("default via 192.0.2.1") }, "refused"],
      [
        "an IPv6 gateway on no link",
        { do: "route.put", netns: "nlc-a", route: route("default via 2001:db8::1") },
        "refused",
      ],
      [
        "a source that is no address here",
        { do: "route.put", netns: "nlc-a", route: route("10.9.0.0/16 dev br0 src 192.0.2.1") },
        "refused",
      ],
      ["an MTU below the least", { do: "link.set", netns: "nlc-a", name: br0, set: { mtu: 60 }, was: {} }, "refused"],
      [
        "a bridge as port of itself",
        { do: "link.set", netns: "nlc-a", name: br0, set: { master: br0 }, was: {} },
        "refused",
      ],
      ["the end of loopback", { do: "link.delete", netns: "nlc-a", name: ifname("lo") }, "refused"],
    ];
    test.each(refused)("%s", (_, op, code) => {
      const error = refusal([fine, op, { do: "sysctl.set", netns: "nlc-a", key: forwarding, value: "0" }]);
      expect(error.message).toStartWith(printOp(op));
      expect(error).toMatchObject({ index: 1, op, code });
      expect(error.done).toContain(0);
      expect(at("nlc-a").sysctls[forwarding]).toBe("1");
    });

    test("a route over a link that is down", () => {
      const down: Op = { do: "link.set", netns: "nlc-a", name: br0, set: { up: false }, was: { up: true } };
      expect(refusal([down, { do: "route.put", netns: "nlc-a", route: route("10.9.0.0/16 dev br0") }])).toMatchObject({
        code: "refused",
        index: 1,
      });
    });
  });
}
