/** `netns_test delete --all` gives back what commands took of the node itself, and leaves what others have changed since. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { PodNode, address } from "./pod-node.ts";

let node: PodNode;
beforeEach(async () => void (node = await PodNode.start("vm-001", { NPODS: "1", __nvm: "2" })));
afterEach(async () => node[Symbol.asyncDispose]());

const sh = (script: string): string => node.must("sh", "-c", script);
const wire = (name: string): string =>
  sh(`ip link add ${name} type veth peer name ${name}p; ip link set ${name}p up; ip link set ${name} up`);
/** Nothing is remembered of what is over. */
const forgotten = (): boolean => node.run("test", "-e", "/run/netloom").code !== 0;

describe("forwarding", () => {
  const keys = ["ipv4/ip_forward", "ipv4/fib_multipath_hash_policy", "ipv6/conf/all/forwarding"];
  const values = (...more: readonly string[]): string =>
    [...keys, ...more].map((key) => sh(`cat /proc/sys/net/${key}`).trim()).join(" ");
  const set = (key: string, value: number): string => sh(`echo ${value} >/proc/sys/net/${key}`);

  test("is switched off by delete --all where a command switched it on, by delete of pods it is not", () => {
    node.do("create");
    node.do("tcase_forward");
    node.do("tcase_forward");
    expect(values()).toBe("1 1 1");
    node.do("delete");
    expect(values()).toBe("1 1 1");
    const { changes } = JSON.parse(node.do("delete", "--all", "--json")) as { readonly changes: readonly string[] };
    expect(changes).toContain("sysctl -w net/ipv4/ip_forward=0");
    expect(values()).toBe("0 0 0");
    expect(forgotten()).toBe(true);
    expect(node.do("delete", "--all", "--verbose")).toBe("");
  });

  test("of before stays, and so do devices that forwarded alone", () => {
    wire("eth1");
    set("ipv6/conf/all/forwarding", 1);
    set("ipv4/conf/eth1/forwarding", 1);
    set("ipv4/fib_multipath_hash_policy", 2);
    const before = values("ipv4/conf/eth1/forwarding", "ipv4/conf/eth1p/forwarding");
    expect(before).toBe("0 2 1 1 0");
    node.do("tcase_forward");
    expect(values("ipv4/conf/eth1p/forwarding")).toBe("1 1 1 1");
    node.do("delete", "--all");
    expect(values("ipv4/conf/eth1/forwarding", "ipv4/conf/eth1p/forwarding")).toBe(before);
  });

  test("that somebody has changed since is left alone", () => {
    set("ipv4/fib_multipath_hash_policy", 2);
    node.do("tcase_forward");
    set("ipv4/ip_forward", 0);
    set("ipv4/fib_multipath_hash_policy", 3);
    node.do("delete", "--all");
    expect(values()).toBe("0 3 0");
    set("ipv4/ip_forward", 1);
    node.do("delete", "--all");
    expect(values()).toBe("1 3 0");
  });

  test("stays while a bridge that came since may need it, which is said", () => {
    sh("ip link add docker0 type bridge; ip addr add 10.1.0.1/24 dev docker0");
    node.do("tcase_forward");
    sh("ip link add virbr0 type bridge; ip addr add 10.2.0.1/24 dev virbr0; ip link add br9 type bridge");
    const said = JSON.parse(node.do("delete", "--all", "--json")) as { readonly kept: readonly string[] };
    expect(said.kept).toEqual(["the node still forwards packets: virbr0 came since, and may need that"]);
    expect(values()).toBe("1 1 1");
    sh("ip link delete virbr0");
    expect(node.do("delete", "--all")).toBe("");
    expect(values()).toBe("0 0 0");
  });

  test("of a command that is undone is not remembered", () => {
    expect(node.run(program, "pods", "join", "--forward", "--nodes", "2", "--net", "9").code).toBe(1);
    expect(values()).toBe("0 0 0");
    expect(forgotten()).toBe(true);
  });
});

interface Seen {
  readonly master?: string;
  readonly operstate: string;
  readonly addr_info: readonly Readonly<Record<"local" | "prefixlen" | "broadcast" | "scope", string>>[];
}

describe("the node's interface", () => {
  /** Of one device, without what only the kernel knows. */
  const state = (dev = "eth1"): readonly unknown[] => {
    const [link] = node.json<readonly Seen[]>("ip", "-j", "addr", "show", dev);
    const routes = ["-4", "-6"].map((family) => node.must("ip", family, "route", "show", "dev", dev));
    return [
      link?.master,
      link?.operstate,
      (link?.addr_info ?? [])
        .map(({ local, prefixlen, broadcast, scope }) => `${local}/${prefixlen} ${broadcast} ${scope}`)
        .toSorted(),
      ...routes,
    ];
  };
  beforeEach(() => {
    wire("eth1");
    address(node, 1);
    sh(
      "ip addr add 10.9.0.1/24 brd + dev eth1; ip route add default via 192.168.1.201 mtu 1400; " +
        "ip route add 10.8.0.0/16 via 10.9.0.2 dev eth1 proto static metric 7; ip -6 route add fd01::/64 dev eth1; " +
        "ip -6 route add default via 1000::1:192.168.1.201 dev eth1",
    );
  });

  test("that was attached to a bridge has its addresses and routes again, whoever made the bridge", () => {
    const before = state();
    for (const bridge of ["ours", "somebody's"]) {
      if (bridge === "ours") node.podsWith({ NPODS: "0" }, "tcase_linux_bridge");
      else sh("ip link add br0 type bridge; ip addr add 172.16.1.0/24 dev br0; ip link set br0 up");
      for (let again = 0; again < 2; again++) node.do("tcase_attach_eth_to_bridge");
      expect(state().slice(0, 4)).toEqual(["br0", "UP", [], ""]);
      node.do("delete", "--all");
      expect([bridge, ...state()]).toEqual([bridge, ...before]);
      expect(forgotten()).toBe(true);
    }
    expect(node.must("ip", "-o", "-4", "addr", "show", "br0")).toContain("172.16.1.0/24");
    expect(node.must("ip", "-o", "addr", "show", "br0")).not.toContain("192.168.1.1/24");
  });

  test("whose bridge was deleted by hand has them again, too; one that was down is down", () => {
    const before = state();
    wire("eth2");
    sh("ip link add br0 type bridge; ip link set br0 up; ip link set eth2 down");
    node.do("tcase_attach_eth_to_bridge");
    node.do("tcase_attach_eth_to_bridge", "--dev=eth2");
    sh("ip link delete br0");
    node.do("delete", "--all");
    expect(state()).toEqual(before);
    expect(state("eth2")).toEqual([undefined, "DOWN", [], "", ""]);
  });

  test("that somebody uses otherwise by then is left alone, and so is another of its name", () => {
    sh("ip link add br0 type bridge; ip link set br0 up");
    node.do("tcase_attach_eth_to_bridge");
    sh("ip link set eth1 nomaster; ip addr add 10.7.0.1/24 dev eth1");
    const own = state();
    node.do("delete", "--all");
    expect(state()).toEqual(own);
    node.do("tcase_attach_eth_to_bridge");
    sh("ip link delete eth1");
    wire("eth1");
    const fresh = state();
    node.do("delete", "--all");
    expect(state()).toEqual(fresh);
  });

  test("has all of them again after the command went on where it had stopped", () => {
    const before = state();
    sh("ip link add br0 type bridge; ip link set br0 up");
    node.do("tcase_attach_eth_to_bridge");
    // As if one address had not been taken.
    sh("ip addr add 10.6.0.1/24 dev eth1");
    node.do("tcase_attach_eth_to_bridge");
    node.do("delete", "--all");
    const [, , addrs, ...routes] = state() as readonly [unknown, unknown, readonly string[], ...string[]];
    expect(addrs).toContain("10.6.0.1/24 undefined global");
    expect(addrs.filter((addr) => !addr.startsWith("10.6."))).toEqual(before[2] as string[]);
    expect(routes[1]).toEqual(before[4] as string);
  });

  test("a route whose source is gone is said, and nothing else is kept", () => {
    const before = state();
    sh("ip link add br0 type bridge; ip link set br0 up; ip addr add 10.77.0.5/32 dev lo");
    sh("ip route add 10.5.0.0/16 via 192.168.1.9 dev eth1 src 10.77.0.5");
    node.do("tcase_attach_eth_to_bridge");
    sh("ip addr delete 10.77.0.5/32 dev lo");
    expect(node.do("delete", "--all")).toStartWith("eth1 has not got back its route to 10.5.0.0/16: ip route");
    expect(state()).toEqual(before);
    expect(forgotten()).toBe(true);
  });
});

const program = `${import.meta.dir}/../../bin/netloom`;
