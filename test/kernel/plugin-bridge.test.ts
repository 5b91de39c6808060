import { afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { sh, shown } from "./chained-call.ts";
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

beforeAll(preparePlugins);
beforeEach(() => {
  sh("ip netns add a; ip netns add b");
});
afterEach(() => {
  sh(`ip netns del a 2>/dev/null || true; ip netns del b 2>/dev/null || true
    for l in $(ip -o link show type veth | cut -d' ' -f2 | sed 's/[@:].*//'); do ip link del $l 2>/dev/null || true; done
    ip link del br0 2>/dev/null || true; rm -rf ${DATA}; nft flush ruleset`);
});

const gateway = { bridge: "br0", isGateway: true };
const bridge = (conf: object, pod = "a", more: object = {}) =>
  new Attachment("bridge", { bridge: "br0", ...conf } as never, { pod, ...more });

describe("bridge", () => {
  test("two containers reach each other and the host as soon as ADD has answered", async () => {
    const [a, b] = [bridge({ ...gateway, ipam: both }), bridge({ ...gateway, ipam: both }, "b", { container: "c2" })];
    const first = await a.call("ADD");
    expect(first).toMatchObject({ exit: 0, log: [] });
    ping("a", "10.7.0.1");
    ping("a", "fd07::1");
    expect(await b.call("ADD")).toMatchObject({ exit: 0 });
    ping("b", "10.7.0.2");
    ping("b", "fd07::2");

    const [eth0, br0] = [link("eth0", "a"), link("br0")];
    const port = links().find(({ ifindex }) => ifindex === eth0.link_index);
    expect(first.out).toEqual({
      cniVersion: "1.1.0",
      interfaces: [
        { name: "br0", mac: br0.address, mtu: 1500 },
        { name: port?.ifname, mac: port?.address, mtu: 1500 },
        { name: "eth0", mac: eth0.address, mtu: 1500, sandbox: "/run/netns/a" },
      ],
      ips: [
        { address: "10.7.0.2/24", gateway: "10.7.0.1", interface: 2 },
        { address: "fd07::2/64", gateway: "fd07::1", interface: 2 },
      ],
      routes: [{ dst: "0.0.0.0/0" }, { dst: "::/0" }],
    });
    expect(port).toMatchObject({ master: "br0", operstate: "UP", ifalias: "cni:net1/c1/eth0" });
    expect(port?.ifname).toMatch(/^veth[0-9a-f]{11}$/);
    expect(addresses("eth0", "a")).toEqual(["10.7.0.2/24", "fd07::2/64"]);
    expect(eth0.addr_info.filter(({ tentative }) => tentative)).toEqual([]);
    expect(eth0.addr_info[0]?.broadcast).toBe("10.7.0.255");
    expect(routes("a", 4)).toEqual(["default via 10.7.0.1 dev eth0", "10.7.0.0/24 dev eth0"]);
    expect(routes("a", 6)).toEqual(["fd07::/64 dev eth0", "default via fd07::1 dev eth0"]);
    expect(addresses("br0")).toEqual(["10.7.0.1/24", "fd07::1/64"]);
    expect(sh("cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding")).toBe("1\n1\n");
    expect(
      sh("ip netns exec a cat /proc/sys/net/ipv4/conf/eth0/arp_notify /proc/sys/net/ipv6/conf/eth0/ndisc_notify"),
    ).toBe("1\n1\n");
    // The bridge keeps its address whatever its ports do.
    expect(link("br0").address).toBe(br0.address);
  });

  test("neighbours who knew an address elsewhere learn of a new container that has it", async () => {
    await bridge({ ...gateway, ipam: both }).call("ADD");
    for (const ip of ["10.7.0.3", "fd07::3"]) sh(`ip -n a neigh add ${ip} lladdr 02:00:00:00:00:99 dev eth0 nud stale`);
    const { out } = await bridge({ ...gateway, ipam: both }, "b", { container: "c2" }).call("ADD");
    const mac = out.interfaces[2].mac as string;
    const known = () =>
      shown<{ readonly dst: string; readonly lladdr?: string }>("ip -n a -j neigh").filter(({ dst }) =>
        ["10.7.0.3", "fd07::3"].includes(dst),
      );
    expect(known().map(({ lladdr }) => lladdr)).toEqual([mac, mac]);
  });

  test("CHECK agrees, DEL gives all back but the bridge, as often as it is called", async () => {
    const one = bridge({ ...gateway, ipam: both, ipMasq: true, macspoofchk: true });
    expect(await one.call("ADD")).toMatchObject({ exit: 0 });
    expect(sh("nft list ruleset")).toContain("masquerade");
    expect(sh("nft list ruleset")).toContain("net1/eth0/c1");
    expect(await one.call("CHECK")).toMatchObject({ exit: 0, out: undefined });
    for (let i = 0; i < 3; i++) expect(await one.call("DEL")).toMatchObject({ exit: 0, out: undefined });
    expect(links("a")).toEqual([]);
    expect(links().map(({ ifname }) => ifname)).toEqual(["br0"]);
    expect(sh(`ls ${DATA}/net1`)).not.toContain("10.7.0.2");
    expect(sh("nft list ruleset")).not.toContain("net1/eth0/c1");
  });

  test("DEL without a namespace, and of one that is gone, gives back the same", async () => {
    const conf = { ...gateway, ipam: both, ipMasq: true, macspoofchk: true };
    const [a, b] = [bridge(conf), bridge(conf, "b", { container: "c2" })];
    await a.call("ADD");
    await b.call("ADD");
    expect(await a.call("DEL", {}, { pod: "" })).toMatchObject({ exit: 0 });
    expect(links("a")).toEqual([]);
    sh("ip netns del b");
    // Without a result, too: the runtime has forgotten it.
    const forgotten = bridge(conf, "b", { container: "c2" });
    expect(await forgotten.call("DEL")).toMatchObject({ exit: 0 });
    expect(sh(`ls ${DATA}/net1`)).not.toMatch(/10\.7|fd07/);
    expect(sh("nft list ruleset")).not.toContain("net1/eth0");
    expect(await bridge(conf, "a", { container: "never" }).call("DEL")).toMatchObject({ exit: 0 });
  });

  test("a name that is taken is refused before anything is done", async () => {
    sh("ip -n a link add eth0 type veth peer eth1");
    const before = picture("a");
    expect(await bridge({ ...gateway, ipam: four }).fault("ADD")).toStartWith(
      "101 cannot ADD: there is an interface eth0 in the container's namespace already; CNI_IFNAME=eth0, CNI_NETNS=/run/netns/a",
    );
    expect(picture("a")).toBe(before);
  });

  test("loopback is refused, and DEL leaves it", async () => {
    const lo = bridge({ ...gateway, ipam: four }, "a", { ifname: "lo" });
    expect(await lo.fault("ADD")).toStartWith("101 cannot ADD: there is an interface lo in the container's namespace");
    expect(await lo.call("DEL")).toMatchObject({ exit: 0 });
  });

  test.each([
    [
      "a gateway that cannot be reached",
      { ipam: { ...four, routes: [{ dst: "10.0.0.0/8", gw: "192.0.2.1" }] } },
      "100 ",
    ],
    ["an IPAM plugin that is not there", { ipam: { type: "nowhere" } }, "102 cannot find plugin nowhere"],
    ["a full range", { ipam: hostLocal("10.7.0.0/30") }, "103 no address is left"],
    [
      "an address of others on the bridge",
      { ipam: hostLocal("10.9.0.0/24") },
      "101 cannot ADD: br0 has the address 10.7.0.1/",
    ],
  ])("an ADD that fails leaves nothing: %s", async (_, conf, message) => {
    const fails = bridge({ ...gateway, ...conf, ipMasq: true }, "b", { container: "c2" });
    if (/^10[02]/.test(message)) {
      const before = picture("b");
      expect(await fails.fault("ADD")).toContain(message);
      expect(picture("b")).toBe(before); // nor a bridge
    }
    const subnet = message.startsWith("103") ? "10.7.0.0/30" : "10.7.0.0/24";
    await bridge({ ...gateway, ipam: hostLocal(subnet) }).call("ADD");
    const between = picture("a", "b");
    expect(await fails.fault("ADD")).toContain(message);
    expect(picture("a", "b")).toBe(between); // the bridge has a port, so it stays with its address
  });

  test("layer 2, and everything a port can be", async () => {
    const conf = { hairpinMode: true, portIsolation: true, mtu: 1400, runtimeConfig: { mac: "02:00:00:00:00:77" } };
    const one = bridge(conf);
    const { out } = await one.call("ADD");
    expect(out.ips).toBeUndefined();
    expect(link("eth0", "a")).toMatchObject({ address: "02:00:00:00:00:77", mtu: 1400 });
    expect(link("eth0", "a").flags).toContain("UP");
    const port = link(out.interfaces[1].name);
    expect(port.linkinfo?.info_slave_data).toMatchObject({ hairpin: true, isolated: true });
    expect(port.mtu).toBe(1400);
    expect(link("br0").mtu).toBe(1400);
    expect(await one.call("CHECK")).toMatchObject({ exit: 0 });
    const two = bridge({ promiscMode: true, disableContainerInterface: true }, "b", { container: "c2" });
    expect(await two.call("ADD")).toMatchObject({ exit: 0 });
    expect(link("eth0", "b").operstate).toBe("DOWN");
    expect(link("br0").promiscuity).toBe(1);
    expect(await two.call("CHECK")).toMatchObject({ exit: 0 });
  });

  test("IPAM without a type is none, as with the reference; who says more of it is told", async () => {
    for (const [ipam, log] of [
      [{}, []],
      [{ Type: "" }, []],
      [
        { Subnet: "10.7.0.0/24" },
        [
          "network net1: eth0 gets no addresses, and nobody reads ipam.Subnet: ipam.type is missing, such as host-local",
        ],
      ],
    ] as const) {
      const one = bridge({ ...gateway, ipMasq: true, ipam });
      const { out, ...said } = await one.call("ADD");
      expect({ ...said, ips: out.ips }).toEqual({ exit: 0, log: [...log], ips: undefined });
      for (const command of ["CHECK", "DEL"] as const)
        expect(await one.call(command)).toEqual({ exit: 0, out: undefined, log: [] });
    }
  });

  test("a route that ends on the link, beside a gateway", async () => {
    const addresses = [{ address: "10.7.0.2/24", gateway: "10.7.0.1" }];
    const ipam = { type: "static", addresses, routes: [{ dst: "10.77.0.0/16", scope: 253 }, { dst: "0.0.0.0/0" }] };
    const one = bridge({ ...gateway, ipam });
    expect(await one.call("ADD")).toMatchObject({ exit: 0 });
    expect(routes("a", 4)).toContain("10.77.0.0/16 dev eth0");
    expect(await one.call("CHECK")).toMatchObject({ exit: 0 });
  });

  test("CHECK tells all that was changed", async () => {
    const one = bridge({ ...gateway, ipam: four, hairpinMode: true, ipMasq: true, macspoofchk: true });
    const { out } = await one.call("ADD");
    const veth = out.interfaces[1].name as string;
    const told = async (change: string, back: string) => {
      sh(change);
      const fault = await one.fault("CHECK");
      sh(back);
      return fault;
    };
    expect(
      await told(
        "ip -n a addr del 10.7.0.2/24 dev eth0",
        "ip -n a addr add 10.7.0.2/24 dev eth0; ip -n a route add default via 10.7.0.1",
      ),
    ).toStartWith("105 CHECK: eth0 has not the address 10.7.0.2/24; and there is no route to 0.0.0.0/0");
    expect(await told("ip -n a route del default", "ip -n a route add default via 10.7.0.1")).toContain(
      "there is no route to 0.0.0.0/0",
    );
    expect(
      await told("ip -n a route replace default via 10.7.0.99", "ip -n a route replace default via 10.7.0.1"),
    ).toBe(
      "105 CHECK: the route to 0.0.0.0/0 goes via 10.7.0.99, not via 10.7.0.1; somebody changed it after ADD; DEL and ADD make it anew",
    );
    expect(await told(`bridge link set dev ${veth} state 0`, `bridge link set dev ${veth} state 3`)).toStartWith(
      `105 CHECK: the port ${veth} of br0 lets nothing through: its state is disabled; `,
    );
    expect(
      await told(
        `ip link set ${veth} type bridge_slave hairpin off`,
        `ip link set ${veth} type bridge_slave hairpin on`,
      ),
    ).toContain(`the port ${veth} is not in hairpin mode`);
    expect(await told("ip addr del 10.7.0.1/24 dev br0", "ip addr add 10.7.0.1/24 dev br0")).toContain(
      "br0 has not the gateway's address 10.7.0.1/24",
    );
    expect(await told("sysctl -qw net.ipv4.ip_forward=0", "sysctl -qw net.ipv4.ip_forward=1")).toContain(
      "the host does not forward IPv4",
    );
    expect(await one.call("CHECK")).toMatchObject({ exit: 0 });
    expect(await told("nft flush table inet netloom_masquerade", "true")).toStartWith("105 CHECK: ");
    expect(await told("nft flush table bridge netloom_spoof_check", "true")).toStartWith("105 CHECK: ");
    expect(await told(`ip link set ${veth} nomaster`, `ip link set ${veth} master br0`)).toContain(
      `${veth} is not a port of br0 but of none`,
    );
    expect(await told("ip -n a link set eth0 address 02:00:00:00:00:99", "true")).toContain(
      "eth0 has the MAC address 02:00:00:00:00:99, not ",
    );
    sh("ip -n a link del eth0");
    expect(await one.fault("CHECK")).toContain("the container has no interface eth0");
    expect(await bridge(gateway).fault("CHECK")).toStartWith("7 cannot CHECK: prevResult is missing");
  });

  test("GC takes what is ours and not valid, and nothing else", async () => {
    const conf = { ...gateway, ipam: four, ipMasq: true, macspoofchk: true };
    const [a, b] = [bridge(conf), bridge(conf, "b", { container: "c2" })];
    const foreign = bridge({ ...conf, ipam: { type: "static", addresses: [{ address: "10.7.0.99/24" }] } }, "a", {
      network: "net2",
      ifname: "eth1",
    });
    for (const one of [a, b, foreign]) expect(await one.call("ADD")).toMatchObject({ exit: 0 });
    const valid = { "cni.dev/valid-attachments": [{ containerID: "c1", ifname: "eth0" }] };
    expect(await a.call("GC", {}, { pod: "" })).toMatchObject({ exit: 0 }); // nobody says what is valid
    expect(links("b")).toHaveLength(1);
    expect(await a.call("GC", valid, { pod: "" })).toMatchObject({ exit: 0, out: undefined });
    expect(links("b")).toEqual([]);
    expect(
      links("a")
        .map(({ ifname }) => ifname)
        .sort(),
    ).toEqual(["eth0", "eth1"]);
    const rules = sh("nft list ruleset");
    expect(rules).toContain("net1/eth0/c1");
    expect(rules).toContain("net2/eth1/c1");
    expect(rules).not.toContain("net1/eth0/c2");
    expect(sh(`ls ${DATA}/net1`)).toContain("10.7.0.2");
    expect(sh(`ls ${DATA}/net1`)).not.toContain("10.7.0.3");
    expect(await a.call("CHECK")).toMatchObject({ exit: 0 });
  });

  test("STATUS tells whether there are addresses, and changes nothing", async () => {
    const before = picture("a");
    const one = bridge({ ...gateway, ipam: hostLocal("10.7.0.0/30") });
    expect(await one.call("STATUS", {}, { pod: "" })).toMatchObject({ exit: 0, out: undefined });
    expect(picture("a")).toBe(before);
    await one.call("ADD");
    expect(await one.fault("STATUS", {}, { pod: "" })).toStartWith("50 ");
    expect(await bridge({ ipam: { type: "nowhere" } }).fault("STATUS", {}, { pod: "" })).toStartWith("102 ");
    expect(await bridge({ bridge: "lo" }).fault("STATUS", {}, { pod: "" })).toStartWith(
      "50 not ready: cannot ADD: lo exists and is no bridge but another device; at bridge: ",
    );
  });

  test("what the IPAM plugin says is told, and DEL and GC give all else back", async () => {
    const script = `#!/bin/sh
[ "$CNI_COMMAND" = ADD ] && exec echo '{"cniVersion":"1.1.0","ips":[{"address":"10.7.0.9/24","gateway":"10.7.0.1"}]}'
echo '{"code":11,"msg":"the store is away","details":"call again"}'; exit 1`;
    sh(`cat >/run/cni-bin/stubborn <<'END'\n${script}\nEND\nchmod +x /run/cni-bin/stubborn`);
    const conf = { ...gateway, ipMasq: true, macspoofchk: true, ipam: { type: "stubborn" } };
    const one = bridge(conf);
    for (const command of ["DEL", "GC"] as const) {
      expect(await one.call("ADD")).toMatchObject({ exit: 0 });
      expect(await one.fault("CHECK")).toBe("11 the store is away; call again");
      expect(await one.fault("STATUS", {}, { pod: "" })).toBe("11 the store is away; call again");
      const said =
        command === "GC" ? one.fault("GC", { "cni.dev/valid-attachments": [] }, { pod: "" }) : one.fault("DEL");
      expect(await said).toBe(`11 cannot ${command} addresses: the store is away; call again`);
      expect(links("a")).toEqual([]);
      expect(sh("nft list ruleset")).not.toContain("net1/eth0/c1");
    }
  });

  test("a bridge with the ports of others is used as it is", async () => {
    sh(
      "ip link add br0 type bridge; ip link set br0 up; ip link add other type veth peer other1; ip link set other master br0; ip link set other up; ip link set other1 up",
    );
    const one = bridge({ ...gateway, ipam: four });
    const { out } = await one.call("ADD");
    expect(out.interfaces[0].mac).toBe(link("br0").address);
    ping("a", "10.7.0.1");
    await one.call("DEL");
    expect(link("other").master).toBe("br0");
    expect(shown<{ readonly ifname: string }>("bridge -j link").map(({ ifname }) => ifname)).toEqual(["other"]);
  });

  test("what asks for detection of duplicates waits for it", async () => {
    const one = bridge({ ...gateway, ipam: both, enabledad: true });
    expect(await one.call("ADD")).toMatchObject({ exit: 0 });
    expect(link("eth0", "a").addr_info.filter(({ tentative }) => tentative)).toEqual([]);
    expect(sh("ip netns exec a cat /proc/sys/net/ipv6/conf/eth0/accept_dad")).toBe("1\n");
    ping("a", "fd07::1");
  });

  test("DEL takes the reference's rules of an attachment from before, and no others", async () => {
    sh(`nft -f - <<'END'
      table inet cni_plugins_masquerade { chain masq_checks {
        ip saddr 10.8.0.4 ip daddr != 10.8.0.0/24 masquerade comment "43d91f8451058a70-0baa00c7f1b9ad6f, net: n1, if: eth0, id: m2"
        ip saddr 10.8.0.5 ip daddr != 10.8.0.0/24 masquerade comment "43d91f8451058a70-1baa00c7f1b9ad6f, net: n1, if: eth0, id: m3"
      }; };
      table bridge nat {
        chain cni-br-iface-m2-eth0-mac { ether saddr 82:63:26:14:2b:6b return; drop; }
        chain cni-br-iface-m2-eth0 { jump cni-br-iface-m2-eth0-mac; }
        chain cni-br-iface-m3-eth0 { drop; }
        chain PREROUTING { type filter hook prerouting priority dstnat; iifname "veth1" jump cni-br-iface-m2-eth0; }
      }
END`);
    const one = bridge({ ...gateway, ipam: four, ipMasq: true, macspoofchk: true }, "a", {
      network: "n1",
      container: "m2",
    });
    for (let i = 0; i < 2; i++) expect(await one.call("DEL")).toMatchObject({ exit: 0 });
    const rules = sh("nft list ruleset");
    expect(rules).not.toContain("m2");
    expect(rules).toContain("id: m3");
    expect(rules).toContain("cni-br-iface-m3-eth0");
  });

  test("iptables that is not there is told by ADD, CHECK and STATUS, leaves nothing, and by DEL if there is something to do", async () => {
    const one = bridge({ ...gateway, ipam: both, ipMasq: true, ipMasqBackend: "iptables" });
    const before = picture("a");
    const { PATH } = process.env;
    const without = async <T>(body: () => Promise<T>): Promise<T> => {
      process.env["PATH"] = "/nonexistent";
      try {
        return await body();
      } finally {
        process.env["PATH"] = PATH;
      }
    };
    const remedy = "at ipMasqBackend: write nftables, which needs no program, or install iptables there";
    const missing = "there is no iptables-save in PATH (/nonexistent)";
    expect(await without(() => one.fault("ADD"))).toBe(`102 cannot change rules by iptables: ${missing}; ${remedy}`);
    expect(picture("a")).toBe(before);
    expect(await without(() => one.fault("STATUS", {}, { pod: "" }))).toStartWith(`50 not ready: ${missing}; `);
    expect(await one.call("ADD")).toMatchObject({ exit: 0 });
    expect(await without(() => one.fault("CHECK"))).toStartWith(`102 cannot change rules by iptables: ${missing}; `);
    expect(await without(() => one.fault("DEL"))).toContain(`102 cannot DEL masquerading: cannot change rules by`);
    expect(links("a")).toEqual([]); // all else is given back
    expect(await one.call("DEL")).toMatchObject({ exit: 0 });
    expect(await without(() => one.call("DEL"))).toMatchObject({ exit: 0 });
    expect(sh("iptables-save -t nat; ip6tables-save -t nat")).not.toContain("-A CNI-");
  });

  test("iptables, where the configuration asks for it", async () => {
    const one = bridge({ ...gateway, ipam: both, ipMasq: true, ipMasqBackend: "iptables" });
    expect(await one.call("ADD")).toMatchObject({ exit: 0 });
    expect(sh("iptables-save -t nat; ip6tables-save -t nat")).toContain("-A POSTROUTING -s fd07::2/128");
    expect(await one.call("CHECK")).toMatchObject({ exit: 0 });
    // GC finds it whatever the backend is now, and what the reference made of a container of the network.
    sh(`iptables -t nat -N CNI-0123456789abcdef01234567
      iptables -t nat -A POSTROUTING -s 10.7.0.9 -m comment --comment 'name: "net1" id: "c9"' -j CNI-0123456789abcdef01234567`);
    const gc = (...valid: readonly unknown[]) =>
      one.call("GC", { "cni.dev/valid-attachments": valid, ipMasqBackend: "nftables" }, { pod: "" });
    expect(await gc({ containerID: "c1", ifname: "eth0" })).toMatchObject({ exit: 0 });
    expect(await one.call("CHECK")).toMatchObject({ exit: 0 });
    expect(sh("iptables-save -t nat")).not.toContain("CNI-0123");
    const two = bridge({ ...gateway, ipam: both, ipMasq: true, ipMasqBackend: "iptables" }, "b", { container: "c2" });
    expect(await two.call("ADD")).toMatchObject({ exit: 0 });
    expect(await one.call("DEL", {}, { pod: "" })).toMatchObject({ exit: 0 });
    expect(sh("iptables-save -t nat; ip6tables-save -t nat")).toContain("c2");
    expect(await gc()).toMatchObject({ exit: 0 });
    expect(sh("iptables-save -t nat; ip6tables-save -t nat")).not.toContain("CNI-");
  });
});
