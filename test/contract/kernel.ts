import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  type Facts,
  type LinkFact,
  type NetnsFacts,
  type Op,
  type OpOf,
  type Wish,
  diff,
  inverse,
  printOp,
} from "../../src/change/index.ts";
import { type Kernel, OpError } from "../../src/kernel/index.ts";
import { eventually } from "../eventually.ts";
import { addr, bridge, ifname, ip, link, mac, owner, prefix, route, veth, vxlan, wishOf } from "./wishes.ts";

const forwarding = "net.ipv4.ip_forward";
const printable = (value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);
/** Whether later addresses of a subnet outlive the first: a new namespace copies it from the host. */
const promote = ["net.ipv4.conf.all.promote_secondaries", "net.ipv4.conf.default.promote_secondaries"];

/**
 * What every kernel must do. The one in memory is believed because the real one passes the same. Namespaces of the suite are
 * called `nlc-…`; link kinds are those of a small kernel: veth, bridge, vxlan, macvlan, ifb.
 */
export function kernelContract(name: string, makeKernel: () => Kernel): void {
  describe(`${name} keeps the kernel contract:`, () => {
    let kernel: Kernel;
    beforeEach(() => {
      kernel = makeKernel();
    });
    afterEach(async () => {
      for (const netns of kernel.namespaces().filter((netns) => netns.startsWith("nlc-"))) {
        kernel.run([{ do: "netns.delete", netns }]);
      }
      await kernel.settle();
      kernel[Symbol.dispose]();
    });

    const facts = (...namespaces: string[]): Facts =>
      kernel.facts({ namespaces, sysctls: () => [forwarding, ...promote] });
    const all = (): Facts => facts(...kernel.namespaces().filter((netns) => netns.startsWith("nlc-")));
    const at = (netns: string): NetnsFacts => facts(netns).get(netns) ?? expect.unreachable(`there is no ${netns}`);
    const linkAt = (netns: string, dev: string): LinkFact =>
      at(netns).links.find((fact) => fact.name === dev) ?? expect.unreachable(`there is no ${dev} in ${netns}`);
    /** Without what runs on between two questions. */
    const timeless = (fact: LinkFact | undefined): unknown =>
      JSON.parse(JSON.stringify(fact, (key, value: unknown) => (key.endsWith("Timer") ? undefined : printable(value))));
    const has = (netns: string, dev: string) => at(netns).links.some((fact) => fact.name === dev);
    const globals = (netns: string, dev: string) =>
      linkAt(netns, dev)
        .addrs.filter(({ fromKernel }) => !fromKernel)
        .map((fact) => fact.prefix);
    const ownRoutes = (netns: string) =>
      at(netns).routes.filter(({ protocol }) => protocol === "static" || protocol === "boot");
    /** Makes it so, and checks that it then is so. */
    const become = (wish: Wish): readonly Op[] => {
      const ops = diff(wish, all());
      kernel.run(ops);
      expect(diff(wish, all()).map(printOp)).toEqual([]);
      return ops;
    };
    const refusal = (ops: readonly Op[]): OpError => {
      try {
        kernel.run(ops);
      } catch (error) {
        if (error instanceof OpError) return error;
        throw error;
      }
      return expect.unreachable("nothing was refused");
    };

    const pod = {
      name: "nlc-pod",
      links: [link(veth("eth0", "nlc-node/pod1", { mac: mac("02:00:00:00:00:02") }), "10.0.0.2/24", "fd00::2/64")],
    };
    const node = {
      name: "nlc-node",
      links: [
        link(bridge("br0"), "10.0.0.1/24", "fd00::1/64"),
        link(veth("pod1", "nlc-pod/eth0", { master: ifname("br0") })),
      ],
    };

    test("a namespace is made, tagged and deleted", async () => {
      become(wishOf({ name: "nlc-a", links: [] }));
      expect(at("nlc-a").owner).toBe(owner);
      expect(kernel.namespaces()).toContain("nlc-a");
      expect(kernel.owners(["nlc-a", "nlc-none"])).toEqual(new Map([["nlc-a", owner]]));
      expect(linkAt("nlc-a", "lo").up).toBe(true);
      expect(facts("nlc-none").size).toBe(0);
      become(wishOf());
      expect(facts("nlc-a").size).toBe(0);
      await kernel.settle();
      become(wishOf({ name: "nlc-a", links: [] }));
    });

    test("a namespace that is there is not made twice", () => {
      const op: Op = { do: "netns.create", netns: "nlc-a", owner, hostname: "a" };
      const error = refusal([op, { do: "sysctl.set", netns: "nlc-a", key: forwarding, value: "1" }, op]);
      expect(error).toMatchObject({ code: "exists", index: 2, op });
      expect(error.message).toContain("ip netns add nlc-a");
      expect(at("nlc-a").sysctls[forwarding]).toBe("1");
    });

    test("sysctls are set once", () => {
      const wish = wishOf({ name: "nlc-a", sysctls: { [forwarding]: "1" }, links: [] });
      become(wish);
      expect(at("nlc-a").sysctls[forwarding]).toBe("1");
    });

    test("one link and one sysctl can be asked for", async () => {
      become(wishOf(node, { ...pod, sysctls: { [forwarding]: "1" } }));
      // A bridge hears of multicast groups when it likes.
      await eventually("a link is the same alone and among all", () =>
        Bun.deepEquals(timeless(kernel.link("nlc-node", "pod1")), timeless(linkAt("nlc-node", "pod1"))),
      );
      const link = kernel.link("nlc-node", "pod1");
      expect(link).toMatchObject({ kind: "veth", master: "br0", up: true });
      expect(kernel.link("nlc-pod", "eth0")?.addrs.map((addr) => addr.prefix)).toEqual(
        linkAt("nlc-pod", "eth0").addrs.map((addr) => addr.prefix),
      );
      expect(kernel.link("nlc-pod", "eth0", { addrs: false })).toMatchObject({ name: "eth0", addrs: [] });
      expect(kernel.link("nlc-pod", "eth9")).toBeUndefined();
      expect(["eth0", "eth9"].map((name) => kernel.hasLink("nlc-pod", name))).toEqual([true, false]);
      expect(kernel.sysctl("nlc-pod", forwarding)).toBe("1");
      expect(kernel.sysctl("nlc-pod", "net.ipv4.there_is_none")).toBeUndefined();
    });

    test("a link's queues, what comes in on it, and the way to an address can be asked for", () => {
      become(wishOf(node, pod));
      expect(kernel.queues("nlc-node", "none")).toBeUndefined();
      expect(kernel.queues("nlc-node", "pod1")?.redirect).toBeUndefined();
      const ifb = { name: ifname("ifb-x"), kind: "ifb", up: true } as const;
      const there = { do: "redirect.add", netns: "nlc-node", dev: ifname("pod1"), to: ifb.name } as const;
      const bucket = { kind: "tbf", rate: 1_000_000, burst: 1_000_000, latency: 25_000 } as const;
      const ops: Op[] = [
        { do: "qdisc.put", netns: "nlc-node", dev: ifname("pod1"), qdisc: bucket, fresh: true },
        { do: "link.add", netns: "nlc-node", link: ifb },
        there,
      ];
      kernel.run(ops);
      const root = expect.objectContaining({ kind: "tbf", rate: 1_000_000, burst: 1_000_000 }) as unknown;
      expect(kernel.queues("nlc-node", "pod1") as unknown).toEqual({ root, redirect: "ifb-x" });
      expect(refusal([there]).code).toBe("exists");
      expect(refusal([{ ...(ops[0] as OpOf<"qdisc.put">), fresh: true }]).code).toBe("exists");
      kernel.run(ops.toReversed().flatMap(inverse));
      expect(kernel.queues("nlc-node", "pod1")?.redirect).toBeUndefined();
      for (const name of ["nlc-node", "nlc-pod"])
        expect(kernel.routes(name)).toEqual(kernel.facts({ namespaces: [name] }).get(name)?.routes ?? []);
      expect(kernel.wayTo("nlc-node", ip("10.0.0.2"))).toBe(ifname("br0"));
      expect(kernel.wayTo("nlc-pod", ip("192.0.2.1"))).toBeUndefined();
    });

    test("what tracked connections there are to a port is forgotten", () => {
      become(wishOf(pod, node));
      for (const family of [4, 6] as const) {
        kernel.run([{ do: "flows.forget", netns: "nlc-pod", flows: { family, protocol: "udp", port: 53 } }]);
      }
    });

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

    test("both ends of a veth go together", () => {
      become(wishOf(node, pod));
      kernel.run([{ do: "link.delete", netns: "nlc-node", name: ifname("pod1") }]);
      expect(has("nlc-pod", "eth0")).toBe(false);
      become(wishOf(node, pod));
      expect(has("nlc-pod", "eth0")).toBe(true);
    });

    test.each([false, true])("deleting a namespace takes the other ends of its veths (goesOn: %p)", async (goesOn) => {
      become(wishOf(node, pod));
      // Nothing but the deletion is to be waited for.
      await kernel.settle();
      kernel.run([{ do: "netns.delete", netns: "nlc-pod" }], { goesOn });
      await kernel.settle();
      expect(has("nlc-node", "pod1")).toBe(false);
      become(wishOf(node, pod));
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
      const { mtu, mac: address, alias } = after as { mtu: number; mac: string; alias: string };
      expect(linkAt("nlc-a", "br0")).toMatchObject({ index, mtu, alias });
      expect(linkAt("nlc-a", "br0").mac as string).toBe(address);
      expect([...(linkAt("nlc-a", "br0").altNames ?? [])].sort()).toEqual(["nlc-bridge-with-a-long-name", "nlc-three"]);
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
          links: [
            link(bridge("br0", { mtu: 1400 })),
            link({ name: ifname("ifb7"), kind: "ifb", master: ifname("br0") }),
          ],
        }),
      );
      expect(linkAt("nlc-a", "br0").mtu).toBe(1400);
    });

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

    test("a macvlan goes with the device below it", () => {
      const upper = link(
        { name: ifname("mv0"), kind: "macvlan", lower: ifname("br0"), data: { mode: "bridge" }, up: true },
        "10.0.0.9/24",
      );
      const wish = wishOf({ name: "nlc-a", links: [upper, link(bridge("br0"))] });
      become(wish);
      expect(linkAt("nlc-a", "mv0")).toMatchObject({ kind: "macvlan", lower: ifname("br0"), data: { mode: "bridge" } });
      kernel.run([{ do: "link.delete", netns: "nlc-a", name: ifname("br0") }]);
      expect(has("nlc-a", "mv0")).toBe(false);
      become(wish);
    });

    test("kinds of links are asked for without making any", () => {
      expect(kernel.lacking([])).toEqual([]);
      expect(kernel.lacking(["bridge", "veth"])).toEqual([]);
      expect(kernel.namespaces()).toEqual([]);
    });

    test("a macvlan on a device of another namespace", () => {
      become(wishOf({ name: "nlc-a", links: [link(bridge("br0"))] }, { name: "nlc-b", links: [link(bridge("eth0"))] }));
      const add = (name: string): Op => ({
        do: "link.add",
        netns: "nlc-a",
        link: { name: ifname(name), kind: "macvlan", lower: ifname("eth0"), lowerNetns: "nlc-b", mtu: 1400 },
      });
      kernel.run([add("eth0"), add("eth1")]);
      expect(linkAt("nlc-a", "eth0")).toMatchObject({ kind: "macvlan", mtu: 1400 });
      expect(linkAt("nlc-a", "eth0").lower).toBeUndefined();
      expect(linkAt("nlc-a", "eth0").lowerIndex).toBe(linkAt("nlc-b", "eth0").index);
      kernel.run([{ do: "link.delete", netns: "nlc-b", name: ifname("eth0") }]);
      expect(["eth0", "eth1"].filter((name) => has("nlc-a", name))).toEqual([]);
    });

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
      kernel.run(ops);
      expect(refusal(ops.slice(1, 2)).code).toBe("exists");
      const ways = (dst: string) =>
        ownRoutes("nlc-a")
          .filter((one) => one.dst === dst)
          .map(({ via, multipath }) => multipath?.map((hop) => hop.via as string) ?? via);
      expect(ways("0.0.0.0/0")).toEqual([ip("10.0.1.9"), ip("10.0.0.9")]);
      expect(ways("::/0")).toEqual([["fd00::9", "fd00:1::9"]]);
      for (const op of ops.slice(0, 2)) kernel.run(inverse(op));
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
      kernel.run([down]);
      expect(there()).toEqual([]);
      kernel.run(inverse({ ...down, lost: [...addrs, ...lost] }));
      expect(there()).toMatchObject(routes);
    });

    test("an address without a route to its prefix, and one that others add too", () => {
      become(wishOf({ name: "nlc-a", links: [link(bridge("br0"))] }));
      const dev = ifname("br0");
      const bare = { ...addr("10.0.0.1/24"), noPrefixRoute: true, broadcast: ip("10.0.0.255") };
      kernel.run([{ do: "addr.add", netns: "nlc-a", dev, addr: bare }]);
      expect(at("nlc-a").routes.filter(({ dst }) => dst === prefix("10.0.0.0/24"))).toEqual([]);
      const gateway: Op = { do: "addr.add", netns: "nlc-a", dev, addr: addr("10.1.0.1/24"), replace: true };
      kernel.run([gateway, gateway]);
      expect(globals("nlc-a", "br0")).toEqual([prefix("10.0.0.1/24"), prefix("10.1.0.1/24")]);
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
      kernel.run([move("eth1")]);
      expect(has("nlc-a", "ifb7")).toBe(false);
      expect(linkAt("nlc-b", "eth1")).toMatchObject({ kind: "ifb", up: false, addrs: [] });
      kernel.run(inverse(move("eth1")));
      expect(has("nlc-b", "eth1")).toBe(false);
      expect(linkAt("nlc-a", "ifb7")).toMatchObject({ kind: "ifb", up: true });
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

    test("a rate limit", () => {
      const wish = (rate?: number) => {
        const qdisc =
          rate === undefined ? {} : { qdisc: { kind: "tbf", rate, burst: 16_000, latency: 50_000 } as const };
        return wishOf({ name: "nlc-a", links: [{ spec: bridge("br0"), ...qdisc }] });
      };
      become(wish(125_000));
      expect(linkAt("nlc-a", "br0").qdisc).toMatchObject({ kind: "tbf", rate: 125_000 });
      become(wish(250_000));
      expect(linkAt("nlc-a", "br0").qdisc).toMatchObject({ kind: "tbf", rate: 250_000 });
      become(wish());
      expect(linkAt("nlc-a", "br0").qdisc?.kind).not.toBe("tbf");
    });

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
        kernel.run([op]);
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
        kernel.run(ops);
        expect(remains()).toEqual(["10.0.0.5/24"]);
        for (const op of [...ops].reverse()) kernel.run(inverse(op));
        expect(remains()).toEqual(before);
      });
    });

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
        expect(refusal([down, { do: "route.put", netns: "nlc-a", route: route("10.9.0.0/16 dev br0") }])).toMatchObject(
          { code: "refused", index: 1 },
        );
      });
    });

    test("a run stops where its caller says", () => {
      const ops = diff(wishOf({ name: "nlc-a", links: [] }, { name: "nlc-b", links: [] }), all());
      const seen: number[] = [];
      const stop = new Error("stop");
      const before = (index: number) => {
        seen.push(index);
        if (index === 1) throw stop;
      };
      expect(() => kernel.run(ops, { before })).toThrow(stop);
      expect(seen).toEqual([0, 1]);
      expect([...all().keys()]).toEqual(["nlc-a"]);
    });
  });
}
