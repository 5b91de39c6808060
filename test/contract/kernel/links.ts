import { expect, test } from "bun:test";
import { type LinkFact, type Op, inverse } from "../../../src/change/index.ts";
import { eventually } from "../../eventually.ts";
import { bridge, ifname, link, mac, owner, veth, wishOf } from "../wishes.ts";
import { type Scene, forwarding, node, pod } from "./scene.ts";

/** Without what runs on between two questions. */
const timeless = (fact: LinkFact | undefined): unknown =>
  JSON.parse(JSON.stringify(fact, (key, value: unknown) => (key.endsWith("Timer") ? undefined : printable(value))));
const printable = (value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);

/** What every kernel must do: how links are made, changed, moved and deleted. */
export function linksContract(scene: Scene): void {
  const { all, linkAt, has, become, refusal } = scene;

  test("one link and one sysctl can be asked for", async () => {
    become(wishOf(node, { ...pod, sysctls: { [forwarding]: "1" } }));
    // A bridge hears of multicast groups when it likes.
    await eventually("a link is the same alone and among all", () =>
      Bun.deepEquals(timeless(scene.kernel.link("nlc-node", "pod1")), timeless(linkAt("nlc-node", "pod1"))),
    );
    const link = scene.kernel.link("nlc-node", "pod1");
    expect(link).toMatchObject({ kind: "veth", master: "br0", up: true });
    expect(scene.kernel.link("nlc-pod", "eth0")?.addrs.map((addr) => addr.prefix)).toEqual(
      linkAt("nlc-pod", "eth0").addrs.map((addr) => addr.prefix),
    );
    expect(scene.kernel.link("nlc-pod", "eth0", { addrs: false })).toMatchObject({ name: "eth0", addrs: [] });
    expect(scene.kernel.link("nlc-pod", "eth9")).toBeUndefined();
    expect(["eth0", "eth9"].map((name) => scene.kernel.hasLink("nlc-pod", name))).toEqual([true, false]);
    expect(scene.kernel.sysctl("nlc-pod", forwarding)).toBe("1");
    expect(scene.kernel.sysctl("nlc-node", forwarding)).toBe("0");
    expect(scene.kernel.sysctl("nlc-pod", "net.ipv4.there_is_none")).toBeUndefined();
  });

  test("both ends of a veth go together", () => {
    become(wishOf(node, pod));
    scene.kernel.run([{ do: "link.delete", netns: "nlc-node", name: ifname("pod1") }]);
    expect(has("nlc-pod", "eth0")).toBe(false);
    become(wishOf(node, pod));
    expect(has("nlc-pod", "eth0")).toBe(true);
  });

  test("no two links of ours have the same number, so that a veth's other end can be told", () => {
    become(wishOf(node, pod, ...["nlc-c", "nlc-d"].map((name) => ({ name, links: [link(bridge("br0"))] }))));
    const numbers = [...all().values()].flatMap(({ links }) =>
      links.filter((fact) => fact.name !== "lo").map(({ index }) => index),
    );
    expect(new Set(numbers).size).toBe(5);
    expect(numbers).toHaveLength(5);
  });

  test("a veth within one namespace", () => {
    become(
      wishOf({ name: "nlc-a", links: [link(veth("v0", "nlc-a/v1"), "10.9.0.1/24"), link(veth("v1", "nlc-a/v0"))] }),
    );
    expect(linkAt("nlc-a", "v0").peerIndex).toBe(linkAt("nlc-a", "v1").index);
  });

  test("a silent port has no link-local address", () => {
    const silent = { addrGenMode: "none", mtu: 1400, alias: `${owner}/port` } as const;
    const ends = (a: string, b: string) => [
      { name: a, links: [link(veth("p0", `${b}/p0`, silent))] },
      { name: b, links: [link(veth("p0", `${a}/p0`, silent))] },
    ];
    become(wishOf(...ends("nlc-a", "nlc-b")));
    for (const netns of ["nlc-a", "nlc-b"]) {
      expect(linkAt(netns, "p0")).toMatchObject({ ...silent, up: true, addrs: [] });
    }
  });

  test("what can be changed in place is changed in place", () => {
    const before = bridge("br0", {
      mtu: 1400,
      mac: mac("02:00:00:00:00:01"),
      alias: `${owner}/first`,
      altNames: ["nlc-bridge-with-a-long-name", "nlc-two"],
    });
    const after = bridge("br0", {
      mtu: 1300,
      mac: mac("02:00:00:00:00:03"),
      alias: `${owner}/second`,
      altNames: ["nlc-bridge-with-a-long-name", "nlc-three"],
    });
    become(wishOf({ name: "nlc-a", links: [link(before, "10.0.0.1/24")] }));
    const { index } = linkAt("nlc-a", "br0");
    const ops = become(wishOf({ name: "nlc-a", links: [link(after, "10.0.0.1/24")] }));
    expect(ops.map((op) => op.do)).toEqual(["link.set"]);
    const { kernel } = scene;
    expect(["nlc-three", "nlc-two"].map((name) => kernel.link("nlc-a", name)?.name)).toEqual([
      ifname("br0"),
      undefined,
    ]);
    expect(["nlc-three", "nlc-two"].map((name) => kernel.hasLink("nlc-a", name))).toEqual([true, false]);
    const { mtu, mac: address, alias } = after as { mtu: number; mac: string; alias: string };
    expect(linkAt("nlc-a", "br0")).toMatchObject({ index, mtu, alias });
    expect(linkAt("nlc-a", "br0").mac as string).toBe(address);
    expect([...(linkAt("nlc-a", "br0").altNames ?? [])].sort()).toEqual(["nlc-bridge-with-a-long-name", "nlc-three"]);
  });

  test("a macvlan goes with the device below it", () => {
    const upper = link(
      { name: ifname("mv0"), kind: "macvlan", lower: ifname("br0"), data: { mode: "bridge" }, up: true },
      "10.0.0.9/24",
    );
    const wish = wishOf({ name: "nlc-a", links: [upper, link(bridge("br0"))] });
    become(wish);
    expect(linkAt("nlc-a", "mv0")).toMatchObject({ kind: "macvlan", lower: ifname("br0"), data: { mode: "bridge" } });
    scene.kernel.run([{ do: "link.delete", netns: "nlc-a", name: ifname("br0") }]);
    expect(has("nlc-a", "mv0")).toBe(false);
    become(wish);
  });

  test("a macvlan on a device of another namespace", () => {
    become(wishOf({ name: "nlc-a", links: [link(bridge("br0"))] }, { name: "nlc-b", links: [link(bridge("eth0"))] }));
    const add = (name: string): Op => ({
      do: "link.add",
      netns: "nlc-a",
      link: { name: ifname(name), kind: "macvlan", lower: ifname("eth0"), lowerNetns: "nlc-b", mtu: 1400 },
    });
    scene.kernel.run([add("eth0"), add("eth1")]);
    expect(linkAt("nlc-a", "eth0")).toMatchObject({ kind: "macvlan", mtu: 1400 });
    expect(linkAt("nlc-a", "eth0").lower).toBeUndefined();
    expect(linkAt("nlc-a", "eth0").lowerIndex).toBe(linkAt("nlc-b", "eth0").index);
    scene.kernel.run([{ do: "link.delete", netns: "nlc-b", name: ifname("eth0") }]);
    expect(["eth0", "eth1"].filter((name) => has("nlc-a", name))).toEqual([]);
  });

  test("a link moves to another namespace under another name, and back", () => {
    const ifb = (name: string) => link({ name: ifname(name), kind: "ifb", up: true }, "10.0.0.1/24");
    become(wishOf({ name: "nlc-a", links: [ifb("ifb7")] }, { name: "nlc-b", links: [ifb("ifb8")] }));
    const move = (name: string): Op => ({
      do: "link.move",
      netns: "nlc-a",
      name: ifname("ifb7"),
      to: { netns: "nlc-b", name: ifname(name) },
      was: { up: true },
    });
    expect(refusal([move("ifb8")]).code).toBe("exists");
    expect(has("nlc-a", "ifb7")).toBe(true);
    scene.kernel.run([move("eth1")]);
    expect(has("nlc-a", "ifb7")).toBe(false);
    expect(linkAt("nlc-b", "eth1")).toMatchObject({ kind: "ifb", up: false, addrs: [] });
    scene.kernel.run(inverse(move("eth1")));
    expect(has("nlc-b", "eth1")).toBe(false);
    expect(linkAt("nlc-a", "ifb7")).toMatchObject({ kind: "ifb", up: true });
  });

  test("kinds of links are asked for without making any", () => {
    expect(scene.kernel.lacking([])).toEqual([]);
    expect(scene.kernel.lacking(["bridge", "veth"])).toEqual([]);
    expect(scene.kernel.namespaces()).toEqual([]);
  });
}
