import { expect, test } from "bun:test";
import { bridge, ifname, ip, link, mac, prefix, route, veth, wishOf } from "../wishes.ts";
import { type Scene, node, pod } from "./scene.ts";

/** What every kernel must do with bridges and their ports. */
export function bridgesContract(scene: Scene): void {
  const { linkAt, globals, ownRoutes, become } = scene;

  test("a pod on a bridge", () => {
    become(wishOf(node, { ...pod, routes: [route("default via 10.0.0.1"), route("default via fd00::1")] }));
    const [here, there] = [linkAt("nlc-node", "pod1"), linkAt("nlc-pod", "eth0")];
    expect(here).toMatchObject({
      kind: "veth",
      master: ifname("br0"),
      peerIndex: there.index,
      up: true,
      carrier: true,
    });
    expect(there).toMatchObject({
      kind: "veth",
      mac: mac("02:00:00:00:00:02"),
      peerIndex: here.index,
      carrier: true,
    });
    expect(globals("nlc-pod", "eth0")).toEqual([prefix("10.0.0.2/24"), prefix("fd00::2/64")]);
    expect(linkAt("nlc-node", "br0")).toMatchObject({ kind: "bridge", up: true });
    const routes = ownRoutes("nlc-pod");
    expect(routes.find(({ dst }) => dst === "0.0.0.0/0")).toMatchObject({ via: ip("10.0.0.1"), dev: ifname("eth0") });
    expect(routes.find(({ dst }) => dst === "::/0")).toMatchObject({ via: ip("fd00::1"), dev: ifname("eth0") });
  });

  test("ports join and leave a bridge", () => {
    const port = (more: object) => ({
      name: "nlc-a",
      links: [link(bridge("br0")), link({ name: ifname("ifb7"), kind: "ifb", ...more })],
    });
    become(wishOf(port({ master: ifname("br0"), port: { isolated: true, hairpin: true } })));
    expect(linkAt("nlc-a", "ifb7")).toMatchObject({ master: ifname("br0"), port: { isolated: true, hairpin: true } });
    become(wishOf(port({ master: ifname("br0"), port: { isolated: false } })));
    expect(linkAt("nlc-a", "ifb7").port).toMatchObject({ isolated: false, hairpin: true });
    become(wishOf(port({})));
    expect(linkAt("nlc-a", "ifb7").master).toBeUndefined();
  });

  test("the other end of a veth becomes a port with its options, at once or later", () => {
    const wish = (more: object) =>
      wishOf(
        { name: "nlc-a", links: [link(veth("v0", "nlc-b/v0"))] },
        { name: "nlc-b", links: [link(bridge("br0")), link(veth("v0", "nlc-a/v0", more))] },
      );
    const port = { master: ifname("br0"), port: { isolated: true } };
    become(wish(port));
    expect(linkAt("nlc-b", "v0")).toMatchObject(port);
    become(wish({}));
    become(wish(port));
    expect(linkAt("nlc-b", "v0")).toMatchObject(port);
  });

  test("a bridge keeps its own MTU, whatever its ports'", () => {
    become(
      wishOf({
        name: "nlc-a",
        links: [link(bridge("br0", { mtu: 1400 })), link({ name: ifname("ifb7"), kind: "ifb", master: ifname("br0") })],
      }),
    );
    expect(linkAt("nlc-a", "br0").mtu).toBe(1400);
  });
}
