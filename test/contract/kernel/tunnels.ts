import { expect, test } from "bun:test";
import { bridge, ifname, ip, link, mac, route, vxlan, wishOf } from "../wishes.ts";
import type { Scene } from "./scene.ts";

/** What every kernel must do with VXLAN devices, their neighbours and forwarding entries. */
export function tunnelsContract(scene: Scene): void {
  const { at, ownRoutes, become } = scene;

  test("a vxlan with neighbours and forwarding entries", () => {
    const dev = ifname("vx0");
    const wish = (last: string) =>
      wishOf({
        name: "nlc-a",
        links: [link(bridge("br0"), "10.0.0.1/24"), link(vxlan("vx0", 7), "10.77.1.0/32")],
        neighs: [{ dev, ip: ip("10.77.2.0"), mac: mac(`02:00:00:00:02:${last}`) }],
        fdb: [{ dev, mac: mac(`02:00:00:00:02:${last}`), dst: ip("10.0.0.2") }],
        routes: [route("10.77.2.0/24 via 10.77.2.0 dev vx0 onlink")],
      });
    become(wish("01"));
    expect(at("nlc-a").neighs.filter(({ state }) => state === "permanent")).toMatchObject([
      { dev, ip: ip("10.77.2.0"), mac: mac("02:00:00:00:02:01") },
    ]);
    expect(at("nlc-a").fdb).toEqual([{ dev, mac: mac("02:00:00:00:02:01"), dst: ip("10.0.0.2") }]);
    expect(ownRoutes("nlc-a")).toMatchObject([{ via: ip("10.77.2.0"), dev, onlink: true }]);
    become(wish("02"));
    expect(at("nlc-a").fdb).toEqual([{ dev, mac: mac("02:00:00:00:02:02"), dst: ip("10.0.0.2") }]);
    become(wishOf({ name: "nlc-a", links: [link(bridge("br0"), "10.0.0.1/24"), link(vxlan("vx0", 8))] }));
    expect(at("nlc-a").fdb).toEqual([]);
  });

  test("a forwarding entry goes by the link that it names", () => {
    const dev = ifname("vx0");
    const entry = { dev, mac: mac("02:00:00:00:02:01"), dst: ip("fe80::2") };
    const wish = (via?: string) =>
      wishOf({
        name: "nlc-a",
        links: [
          link(bridge("br0")),
          link(bridge("br1")),
          link(vxlan("vx0", 7, { data: { id: 7, port: 4789, local6: ip("fd00::1"), learning: false } })),
        ],
        fdb: [{ ...entry, ...(via !== undefined && { via: ifname(via) }) }],
      });
    for (const via of ["br0", "br1"]) {
      become(wish(via));
      expect(at("nlc-a").fdb).toEqual([{ ...entry, via: ifname(via) }]);
    }
    become(wish());
    expect(at("nlc-a").fdb).toEqual([entry]);
  });

  test("a route into a tunnel without an address of its own changes the tunnel's other end", () => {
    const wish = (last: string) =>
      wishOf({
        name: "nlc-a",
        links: [
          link(bridge("br0"), "10.0.0.1/24", "fd00::1/64"),
          link(vxlan("vx0", 0, { data: { collectMetadata: true, port: 4789, learning: false } })),
        ],
        routes: (["10.77.2.0/24 via 10.77.2.0", "fd77:2::/64 via fd77:2::"] as const).map((text, at) => ({
          ...route(`${text} dev vx0 onlink`),
          src: ip(at === 0 ? "10.0.0.1" : "fd00::1"),
          encap: { type: "ip6" as const, id: 9n, dst: ip(`fd99::${last}`) },
        })),
      });
    for (const last of ["2", "3"]) {
      become(wish(last));
      expect(ownRoutes("nlc-a").map(({ encap }) => encap)).toEqual([
        { type: "ip6", id: 9n, dst: ip(`fd99::${last}`) },
        { type: "ip6", id: 9n, dst: ip(`fd99::${last}`) },
      ]);
    }
  });

  test("a forwarding entry changes its destination, and there may be several for the rest", () => {
    const dev = ifname("vx0");
    const wish = (first: string, ...rest: string[]) =>
      wishOf({
        name: "nlc-a",
        links: [link(vxlan("vx0", 7))],
        fdb: [
          { dev, mac: mac("02:00:00:00:02:01"), dst: ip(first) },
          ...rest.map((dst) => ({ dev, mac: mac("00:00:00:00:00:00"), dst: ip(dst) })),
        ],
      });
    become(wish("10.0.0.2", "10.0.0.3", "10.0.0.4"));
    expect(at("nlc-a").fdb).toHaveLength(3);
    become(wish("10.0.0.9", "10.0.0.4", "10.0.0.5"));
    expect(
      at("nlc-a")
        .fdb.map(({ dst }) => dst as string)
        .sort(),
    ).toEqual(["10.0.0.4", "10.0.0.5", "10.0.0.9"]);
  });
}
