import { describe, expect, test } from "bun:test";
import { diff, printOp } from "../../src/change/index.ts";
import { Story, node, pod } from "./story.ts";
import { bridge, ifname, link, route, vxlan, wishOf } from "./wishes.ts";

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
