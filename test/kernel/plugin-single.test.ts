import { afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { sh } from "./chained-call.ts";
import {
  Attachment,
  DATA,
  addresses,
  both,
  four,
  hostLocal,
  link,
  links,
  picture,
  ping,
  preparePlugins,
  routes,
} from "./main-plugin.ts";

/** The plugins that put one link into a container. */
beforeAll(preparePlugins);
beforeEach(() => {
  sh(`ip netns add a; ip netns add b; ip netns add far
    ip link add wire type veth peer far0 netns far; ip link set wire up; ip -n far link set far0 up
    ip -n far addr add 10.7.0.1/24 dev far0; ip -n far addr add fd07::1/64 dev far0 nodad; ip addr add 192.0.2.1/24 dev wire`);
});
afterEach(() => {
  sh(
    `for n in a b far; do ip netns del $n 2>/dev/null || true; done; ip link del wire 2>/dev/null || true; rm -rf ${DATA}`,
  );
});

const make = (plugin: string, conf: object, pod = "a", more: object = {}) =>
  new Attachment(plugin, conf as never, { pod, ...more });
const can = (kind: string): boolean =>
  Bun.spawnSync(["unshare", "-n", "sh", "-c", `ip link add w type veth && ip link add link w name x type ${kind}`], {
    stderr: "ignore",
  }).success;

describe("macvlan", () => {
  test("is on the network of the host's device at once, whatever the host calls its own", async () => {
    sh("ip link add eth0 type veth peer eth1; ip route add default via 192.0.2.9");
    const one = make("macvlan", { ipam: both, mtu: 1400, mac: "02:00:00:00:00:07", dns: { domain: "x" } });
    const { exit, out } = await one.call("ADD");
    expect(exit).toBe(0);
    ping("a", "10.7.0.1");
    ping("a", "fd07::1");
    const eth0 = link("eth0", "a");
    expect(eth0).toMatchObject({ mtu: 1400, address: "02:00:00:00:00:07", linkinfo: { info_kind: "macvlan" } });
    expect(out).toEqual({
      cniVersion: "1.1.0",
      interfaces: [{ name: "eth0", mac: "02:00:00:00:00:07", mtu: 1400, sandbox: "/run/netns/a" }],
      ips: [
        { address: "10.7.0.2/24", gateway: "10.7.0.1", interface: 0 },
        { address: "fd07::2/64", gateway: "fd07::1", interface: 0 },
      ],
      routes: [{ dst: "0.0.0.0/0" }, { dst: "::/0" }],
      dns: { domain: "x" },
    });
    expect(
      sh("ip netns exec a cat /proc/sys/net/ipv4/conf/eth0/arp_notify /proc/sys/net/ipv6/conf/eth0/ndisc_notify"),
    ).toBe("1\n1\n");
    expect(await one.call("CHECK")).toMatchObject({ exit: 0 });
    expect(await make("macvlan", { master: "wire" }, "b", { container: "c2" }).call("ADD")).toMatchObject({ exit: 0 });
    expect(link("eth0", "b").operstate).toBe("UP");
    sh("ip -n a link set eth0 type macvlan mode private");
    expect(await one.fault("CHECK")).toContain("the mode of eth0 is private, not bridge");
    for (let i = 0; i < 2; i++) expect(await one.call("DEL")).toMatchObject({ exit: 0 });
    expect(links("a")).toEqual([]);
    sh("ip link del eth0; ip route del default");
  });

  test("stands on a device of the container", async () => {
    sh("ip link set wire netns a; ip -n a link set wire up");
    const one = make("macvlan", { master: "wire", linkInContainer: true, ipam: four }, "a", { ifname: "net1" });
    expect(await one.call("ADD")).toMatchObject({ exit: 0 });
    ping("a", "10.7.0.1");
    expect(await one.call("CHECK")).toMatchObject({ exit: 0 });
    expect(await one.call("DEL")).toMatchObject({ exit: 0 });
    expect(links("a").map(({ ifname }) => ifname)).toEqual(["wire"]);
  });

  test("CHECK finds that another one has its place, on another device", async () => {
    sh("ip link add other type veth peer other1; ip link set other up");
    const conf = { ipam: four, mac: "02:00:00:00:00:07" };
    const one = make("macvlan", { ...conf, master: "wire" });
    expect(await one.call("ADD")).toMatchObject({ exit: 0 });
    sh(`ip -n a link del eth0; ip link add link other name new address ${conf.mac} netns a type macvlan mode bridge
      ip -n a link set new name eth0; ip -n a addr add 10.7.0.2/24 dev eth0; ip -n a link set eth0 up
      ip -n a route add default via 10.7.0.1`);
    expect(await one.fault("CHECK")).toStartWith("105 CHECK: eth0 does not stand on wire;");
    expect(await one.call("CHECK", { master: "other" })).toMatchObject({ exit: 0 });
    sh("ip link del other");
  });

  test.each([
    [{ master: "nowire" }, "102 cannot ADD: the host has no interface nowire"],
    [{}, "102 cannot ADD: no master is given, and the host has no default route"],
    [{ master: "wire", mtu: 1600 }, "7 cannot ADD: mtu is 1600, and that of wire below is 1500"],
    [{ master: "wire", ipam: hostLocal("10.7.0.0/31") }, "7 "],
    [{ master: "wire", ipam: { ...four, routes: [{ dst: "10.0.0.0/8", gw: "192.0.2.7" }] } }, "100 "],
  ])("%j leaves nothing", async (conf, message) => {
    const before = picture("a");
    expect(await make("macvlan", conf).fault("ADD")).toStartWith(message);
    expect(picture("a")).toBe(before);
    expect(await make("macvlan", conf).call("DEL")).toMatchObject({ exit: 0 });
  });

  test("STATUS and GC", async () => {
    const at = { pod: "" };
    expect(await make("macvlan", { master: "wire", ipam: four }).call("STATUS", {}, at)).toMatchObject({ exit: 0 });
    expect(await make("macvlan", { master: "nowire", ipam: four }).fault("STATUS", {}, at)).toStartWith(
      "50 not ready: cannot ADD: the host has no interface nowire",
    );
    const one = make("macvlan", { master: "wire", ipam: four });
    await one.call("ADD");
    expect(await one.call("GC", { "cni.dev/valid-attachments": [] }, at)).toMatchObject({ exit: 0 });
    expect(sh(`ls ${DATA}/net1`)).not.toContain("10.7.0.2");
  });
});

describe("tap", () => {
  test("makes a device that stays, on a bridge of the container", async () => {
    sh("ip -n a link add br0 type bridge; ip -n a link set br0 up");
    const conf = {
      ipam: four,
      owner: 54321,
      group: 54322,
      mtu: 1400,
      mac: "02:00:00:00:00:07",
      multiQueue: true,
      bridge: "br0",
    };
    const one = make("tap", conf);
    const { exit, out } = await one.call("ADD");
    expect(exit).toBe(0);
    expect(out.interfaces).toEqual([{ name: "eth0", mac: "02:00:00:00:00:07", mtu: 1400, sandbox: "/run/netns/a" }]);
    expect(link("eth0", "a")).toMatchObject({
      master: "br0",
      linkinfo: {
        info_kind: "tun",
        info_data: { type: "tap", persist: true, user: 54321, group: 54322, multi_queue: true, vnet_hdr: true },
      },
    });
    expect(addresses("eth0", "a")).toEqual(["10.7.0.2/24"]);
    expect(await one.call("CHECK")).toMatchObject({ exit: 0 });
    sh("ip -n a link set eth0 nomaster");
    expect(await one.fault("CHECK")).toContain("eth0 is no port of br0");
    for (let i = 0; i < 2; i++) expect(await one.call("DEL")).toMatchObject({ exit: 0 });
    expect(links("a").map(({ ifname }) => ifname)).toEqual(["br0"]);
  });

  test("without addresses; without the bridge; STATUS", async () => {
    expect(await make("tap", {}).call("ADD")).toMatchObject({ exit: 0 });
    expect(link("eth0", "a").flags).toContain("UP");
    const before = picture("b");
    expect(await make("tap", { bridge: "br0" }, "b").fault("ADD")).toStartWith(
      "102 cannot ADD: the container has no bridge br0",
    );
    expect(picture("b")).toBe(before);
    expect(await make("tap", {}).call("STATUS", {}, { pod: "" })).toMatchObject({ exit: 0 });
  });
});

describe("host-device", () => {
  test.each([
    ["by name", { device: "wire" }],
    ["by hardware address", { hwaddr: "WIRE" }],
  ])("lends a device and takes it back, %s", async (_, told) => {
    const conf = "hwaddr" in told ? { hwaddr: link("wire").address } : told;
    const one = make("host-device", { ...conf, ipam: both }, "a", { ifname: "net1" });
    const { exit, out } = await one.call("ADD");
    expect(exit).toBe(0);
    expect(links().map(({ ifname }) => ifname)).toEqual([]);
    expect(link("net1", "a")).toMatchObject({ ifalias: "wire", operstate: "UP" });
    expect(out.interfaces).toEqual([
      { name: "net1", mac: link("net1", "a").address, mtu: 1500, sandbox: "/run/netns/a" },
    ]);
    ping("a", "10.7.0.1");
    ping("a", "fd07::1");
    expect(await one.call("CHECK")).toMatchObject({ exit: 0 });
    for (let i = 0; i < 2; i++) expect(await one.call("DEL")).toMatchObject({ exit: 0 });
    expect(links("a")).toEqual([]);
    expect(link("wire").ifalias).toBeUndefined();
    expect(sh(`ls ${DATA}/net1`)).not.toContain("10.7.0.2");
  });

  test("an ADD that fails puts the device back as it was", async () => {
    const before = picture("a");
    const unreachable = { ...four, routes: [{ dst: "10.0.0.0/8", gw: "198.51.100.1" }] };
    const one = make("host-device", { device: "wire", ipam: unreachable });
    expect(await one.fault("ADD")).toStartWith("100 ");
    expect(picture("a")).toBe(before);
    expect(await one.call("DEL")).toMatchObject({ exit: 0 });
    expect(await make("host-device", { device: "nowire" }).fault("ADD")).toStartWith(
      "102 cannot ADD: the host has no interface nowire",
    );
    expect(picture("a")).toBe(before);
  });

  test("an interface of the container that was never the host's stays where it is", async () => {
    sh("ip -n a link add eth0 type veth peer eth1");
    const before = picture("a");
    const one = make("host-device", { device: "wire", ipam: four });
    expect(await one.fault("ADD")).toStartWith("101 ");
    expect(await one.call("DEL")).toMatchObject({ exit: 0 });
    expect(picture("a")).toBe(before);
  });

  test("DEL without a namespace frees the addresses", async () => {
    const one = make("host-device", { device: "wire", ipam: four });
    await one.call("ADD");
    expect(await one.call("DEL", {}, { pod: "" })).toMatchObject({ exit: 0 });
    expect(sh(`ls ${DATA}/net1`)).not.toContain("10.7.0.2");
  });
});

describe.each([
  ["dummy", "dummy", {}, "CONFIG_DUMMY"],
  ["vlan", "vlan id 5", { master: "wire", vlanId: 5 }, "CONFIG_VLAN_8021Q"],
  ["ipvlan", "ipvlan", { master: "wire" }, "CONFIG_IPVLAN"],
])("%s", (plugin, kind, own, option) => {
  const has = can(kind);
  const conf = { ...own, ipam: both };

  test.skipIf(!has)(`ADD, CHECK, DEL (needs ${option})`, async () => {
    const one = make(plugin, conf);
    expect(await one.call("ADD")).toMatchObject({ exit: 0 });
    expect(link("eth0", "a").linkinfo?.info_kind).toBe(plugin);
    expect(addresses("eth0", "a")).toEqual(["10.7.0.2/24", "fd07::2/64"]);
    expect(routes("a", 4)).toContain("default via 10.7.0.1 dev eth0");
    expect(await one.call("CHECK")).toMatchObject({ exit: 0 });
    expect(await one.call("STATUS", {}, { pod: "" })).toMatchObject({ exit: 0 });
    for (let i = 0; i < 2; i++) expect(await one.call("DEL")).toMatchObject({ exit: 0 });
    // Where a module of tunnels was loaded meanwhile, every namespace has got a device of it.
    expect(links("a").map(({ ifname }) => ifname)).not.toContain("eth0");
  });

  test.skipIf(has)(`a kernel without it is told by the option's name (needs a kernel without ${option})`, async () => {
    const before = picture("a");
    const one = make(plugin, conf);
    expect(await one.fault("ADD")).toContain(option);
    expect(picture("a")).toBe(before);
    expect(await one.fault("STATUS", {}, { pod: "" })).toMatch(new RegExp(`^50 not ready: .*${option}`));
    expect(await one.call("DEL")).toMatchObject({ exit: 0 });
    expect(await one.call("GC", { "cni.dev/valid-attachments": [] }, { pod: "" })).toMatchObject({ exit: 0 });
  });

  test("DEL of what was never there, everywhere", async () => {
    for (const pod of ["a", "", "gone"])
      expect(await make(plugin, conf).call("DEL", {}, { pod })).toMatchObject({ exit: 0 });
    const { ipam } = conf;
    // The configuration has changed since: the master is not even named any more.
    expect(await make(plugin, { ipam }).call("DEL")).toMatchObject({ exit: 0 });
  });
});
