import { describe, expect, test } from "bun:test";
import { type LinkFact, printOp } from "../../change/index.ts";
import { HOST, type JsonObject, POD, type Result } from "../../cni/index.ts";
import { MemoryKernel } from "../../kernel/memory.ts";
import { parseIfName, parseIp, parseMac, parsePrefix } from "../../values/index.ts";
import { callWith, eth0, faultOf } from "../_call-fixture.ts";
import { bridgeDifferences, portDifferences, vlanDifferences } from "./check.ts";
import {
  addressing,
  gatewayDevice,
  planAnnouncement,
  planBridge,
  planGatewayPort,
  planGateways,
  planPair,
  planPinned,
  planPod,
} from "./plan.ts";
import { type BridgeConf, readBridge } from "./schema.ts";

const conf = (json: JsonObject = {}, rest = {}): BridgeConf => readBridge(callWith({ bridge: "br0", ...json }, rest));
const mac = parseMac("02:00:00:00:00:b0");
const br0: LinkFact = { ...eth0, name: parseIfName("br0"), kind: "bridge", mac, index: 5 };
const pair = {
  pod: parseIfName("eth0"),
  host: parseIfName("veth1"),
  alias: "cni:net1/c1/eth0",
  podMac: parseMac("02:00:00:00:00:02"),
  hostMac: parseMac("02:00:00:00:00:01"),
};
const given: Result = {
  ips: [{ address: parsePrefix("10.0.0.2/24"), gateway: parseIp("10.0.0.1") }, { address: parsePrefix("fd00::2/64") }],
  routes: [{ dst: parsePrefix("0.0.0.0/0") }],
};
const lines = (ops: readonly Parameters<typeof printOp>[0][]) => ops.map(printOp);

describe("the configuration", () => {
  test("what is left out", () => {
    expect(readBridge(callWith({}))).toEqual({
      bridge: parseIfName("cni0"),
      isGateway: false,
      isDefaultGateway: false,
      forceAddress: false,
      hairpin: false,
      promisc: false,
      isolated: false,
      preserveDefaultVlan: false,
      macSpoofCheck: false,
      dad: false,
      disabled: false,
    });
  });

  test("all of it, in any case", () => {
    const all = {
      BRIDGE: "br8",
      IsDefaultGateway: true,
      ipMasq: true,
      IPMASQBACKEND: "iptables",
      mtu: 1400,
      hairpinMode: true,
      vlan: 5,
      vlanTrunk: [{ minID: 10, maxID: 12, id: 20 }, { id: 30 }, { minID: 40, maxID: 40 }],
      preserveDefaultVlan: true,
      macspoofchk: true,
      enabledad: true,
      portIsolation: true,
      ipam: { TYPE: "static" },
      dns: { nameservers: [] },
      args: { cni: { mac: "02:00:00:00:00:77" } },
    };
    expect(conf(all)).toMatchObject({
      isGateway: true,
      isDefaultGateway: true,
      masq: "iptables",
      mtu: 1400,
      hairpin: true,
      isolated: true,
      vlan: 5,
      trunk: [{ vid: 10, last: 12 }, { vid: 20 }, { vid: 30 }, { vid: 40 }],
      preserveDefaultVlan: true,
      macSpoofCheck: true,
      dad: true,
      ipam: "static",
      dns: { nameservers: [] },
      mac: parseMac("02:00:00:00:00:77"),
    });
  });

  test("the hardware address: of the runtime before that of args before that of CNI_ARGS", () => {
    const args = { args: { cni: { mac: "02:00:00:00:00:02" } } };
    const env = { args: "IgnoreUnknown=1;MAC=02:00:00:00:00:03" };
    expect(conf({ ...args, runtimeConfig: { mac: "02:00:00:00:00:01" } }, env).mac as string).toEndWith("01");
    expect(conf(args, env).mac as string).toEndWith("02");
    expect(conf({}, env).mac as string).toEndWith("03");
    // It has no key of its own.
    expect(conf({ mac: "02:00:00:00:00:04" }).mac).toBeUndefined();
  });

  test.each([
    [{ vlan: 4095 }, "7 invalid network configuration: vlan is 4095; at vlan: write a number from 0 to 4094"],
    [{ vlanTrunk: [{ minID: 3 }] }, "vlanTrunk[0] has minID but no maxID; at vlanTrunk[0]: write both ends"],
    [{ vlanTrunk: [{ minID: 5, maxID: 4 }] }, "minID is 5, above maxID 4; at vlanTrunk[0].minID"],
    [{ vlanTrunk: [{ id: 0 }] }, "id is 0; at vlanTrunk[0].id: write a number from 1 to 4094"],
    [{ hairpinMode: true, promiscMode: true }, "hairpinMode and promiscMode cannot both be true"],
    [{ disableContainerInterface: true, ipam: { type: "static" } }, "disableContainerInterface leaves no use for ipam"],
    [{ mtu: 20 }, "mtu is 20; at mtu: write a number from 68 to 65535, or 0 for the kernel's own"],
    [
      { runtimeConfig: { mac: "01:00:00:00:00:01" } },
      "mac is 01:00:00:00:00:01, which no interface can have; at runtimeConfig.mac: write one that begins with an even octet, such as 02",
    ],
    [{ ipMasqBackend: "pf" }, 'ipMasqBackend is "pf"; at ipMasqBackend: write nftables or iptables'],
    [{ bridge: "a name that is too long" }, "bridge cannot be used: "],
    [{ isGateway: "yes" }, 'isGateway is "yes", not true or false'],
  ])("%j is refused", (json, message) => {
    expect(faultOf(() => conf(json))).toContain(message);
  });

  test("DEL takes what it can read, and what it cannot for switched on", () => {
    const broken = { bridge: 7, ipMasq: "yes", macspoofchk: 1, vlan: -1, ipam: { type: "host-local" } };
    const read = readBridge(callWith(broken, { command: "DEL" }));
    expect(read).toMatchObject({ ipam: "host-local", masq: "nftables", macSpoofCheck: true });
    expect(readBridge(callWith({ ipam: "?" }, { command: "GC" })).ipam).toBeUndefined();
  });
});

describe("the plan", () => {
  test("a bridge that is not there", () => {
    expect(lines(planBridge(conf({ mtu: 1400, promiscMode: true }), { ipv6: true }, mac))).toEqual([
      "ip -n host link add name br0 address 02:00:00:00:00:b0 type bridge && ip -n host link set dev br0 promisc on",
      "ip netns exec host sysctl -w net/ipv6/conf/br0/accept_ra=0",
      "ip netns exec host sysctl -w net/ipv6/conf/br0/accept_dad=0",
      "ip -n host link set dev br0 up",
    ]);
    expect(lines(planBridge(conf({ vlan: 5 }), { ipv6: false }, mac))[0]).toContain("vlan_filtering 1");
  });

  test("a bridge that is there stays as it is, but comes up", () => {
    expect(planBridge(conf(), { ipv6: true, bridge: br0 }, mac)).toEqual([]);
    const down = { ...br0, up: false };
    expect(lines(planBridge(conf({ promiscMode: true }), { ipv6: true, bridge: down, acceptsRa: true }, mac))).toEqual([
      "ip netns exec host sysctl -w net/ipv6/conf/br0/accept_ra=0",
      "ip -n host link set dev br0 promisc on up",
    ]);
    expect(faultOf(() => planBridge(conf(), { ipv6: true, bridge: { ...br0, kind: "dummy" } }, mac))).toBe(
      "101 cannot ADD: br0 exists and is no bridge but a dummy; at bridge: choose another name, or delete that device",
    );
  });

  test("a pair", () => {
    expect(lines(planPair(conf(), pair, { ipv6: true }))).toEqual([
      "ip -n host link add name veth1 address 02:00:00:00:00:01 type veth peer name eth0 netns pod address 02:00:00:00:00:02 && ip -n host link set dev veth1 alias cni:net1/c1/eth0",
      "ip netns exec host sysctl -w net/ipv6/conf/veth1/accept_ra=0",
      "ip -n host link set dev veth1 master br0 up",
      "ip netns exec pod sysctl -w net/ipv6/conf/eth0/accept_dad=0",
    ]);
  });

  test("a pair with everything", () => {
    const all = conf({
      mtu: 1400,
      hairpinMode: true,
      portIsolation: true,
      vlan: 5,
      vlanTrunk: [{ minID: 10, maxID: 12 }],
      enabledad: true,
    });
    expect(lines(planPair(all, pair, { ipv6: true }))).toEqual([
      "ip -n host link add name veth1 mtu 1400 address 02:00:00:00:00:01 type veth peer name eth0 netns pod mtu 1400 address 02:00:00:00:00:02 && ip -n host link set dev veth1 alias cni:net1/c1/eth0",
      "ip netns exec host sysctl -w net/ipv6/conf/veth1/accept_ra=0",
      "ip -n host link set dev veth1 master br0 up && ip -n host link set dev veth1 type bridge_slave hairpin on isolated on",
      "bridge -n host vlan delete dev veth1 vid 1",
      "bridge -n host vlan add dev veth1 vid 5 pvid untagged",
      "bridge -n host vlan add dev veth1 vid 10-12",
      "ip netns exec pod sysctl -w net/ipv6/conf/eth0/enhanced_dad=1",
      "ip netns exec pod sysctl -w net/ipv6/conf/eth0/accept_dad=1",
    ]);
  });

  test("a trunk alone has the first VLAN untagged; the default VLAN may stay; without IPv6 nothing of it", () => {
    const trunk = conf({ vlanTrunk: [{ id: 30 }], preserveDefaultVlan: true, disableContainerInterface: true });
    expect(lines(planPair(trunk, pair, { ipv6: false })).slice(2)).toEqual([
      "bridge -n host vlan add dev veth1 vid 30",
      "bridge -n host vlan add dev veth1 vid 1 pvid untagged",
    ]);
  });

  test("addresses, before the link comes up, and routes after it", () => {
    const addresses = addressing(conf({ isDefaultGateway: true }), given);
    expect(addresses.ips).toMatchObject([
      { gateway: "10.0.0.1", interface: 2 },
      { gateway: "fd00::1", interface: 2 },
    ]);
    expect(addresses.gateways as readonly string[]).toEqual(["10.0.0.1/24", "fd00::1/64"]);
    expect(lines(planPod(conf(), pair.pod, addresses, true))).toEqual([
      "ip netns exec pod sysctl -w net/ipv4/conf/eth0/arp_notify=1",
      "ip netns exec pod sysctl -w net/ipv6/conf/lo/disable_ipv6=0",
      "ip netns exec pod sysctl -w net/ipv6/conf/eth0/disable_ipv6=0",
      "ip netns exec pod sysctl -w net/ipv6/conf/eth0/keep_addr_on_down=1",
      "ip netns exec pod sysctl -w net/ipv6/conf/eth0/ndisc_notify=1",
      "ip -n pod addr add 10.0.0.2/24 broadcast 10.0.0.255 dev eth0",
      "ip -n pod addr add fd00::2/64 dev eth0 nodad",
      "ip -n pod link set dev eth0 up",
      "ip -n pod route prepend default via 10.0.0.1 dev eth0",
      "ip -n pod route prepend ::/0 via fd00::1 dev eth0",
    ]);
    expect(lines(planAnnouncement(pair))).toEqual(["ip -n pod link set dev eth0 address 02:00:00:00:00:02"]);
  });

  test("routes keep what IPAM says of them, and each is put once", () => {
    const routes = [
      { dst: parsePrefix("10.9.0.0/16"), gw: parseIp("10.0.0.9"), mtu: 1400, advmss: 1360, priority: 50, table: 100 },
      { dst: parsePrefix("169.254.1.1/32"), scope: 253 },
      { dst: parsePrefix("10.9.0.0/16"), gw: parseIp("10.0.0.9"), mtu: 1400, advmss: 1360, priority: 50, table: 100 },
    ];
    const { ips = [] } = given;
    const addresses = addressing(conf(), { ips: ips.slice(0, 1).map(({ address }) => ({ address })), routes });
    expect(addresses.gateways).toEqual([]);
    expect(lines(planPod(conf({ enabledad: true }), pair.pod, addresses, false)).slice(3)).toEqual([
      "ip -n pod route prepend 10.9.0.0/16 via 10.0.0.9 dev eth0 metric 50 table 100 mtu 1400 advmss 1360",
      "ip -n pod route prepend 169.254.1.1/32 dev eth0 scope link",
    ]);
  });

  test("a route that ends on the link has no gateway, although the network has one", () => {
    const onLink = [
      { dst: parsePrefix("10.77.0.0/16"), scope: 253 },
      { dst: parsePrefix("10.78.0.0/16"), scope: 253, gw: parseIp("0.0.0.0") }, // the reference's dhcp
    ];
    const addresses = addressing(conf(), { ...given, routes: onLink });
    expect(lines(planPod(conf(), pair.pod, addresses, false)).filter((line) => line.includes("route"))).toEqual([
      "ip -n pod route prepend 10.77.0.0/16 dev eth0 scope link",
      "ip -n pod route prepend 10.78.0.0/16 dev eth0 scope link",
    ]);
  });

  test("without addresses it only comes up, and disabled not even that", () => {
    expect(lines(planPod(conf(), pair.pod, undefined, false))).toEqual(["ip -n pod link set dev eth0 up"]);
    expect(planPod(conf({ disableContainerInterface: true }), pair.pod, undefined, false)).toEqual([]);
  });

  test("the bridge gets its addresses once, and others only give way by force", () => {
    const gateways = [parsePrefix("10.0.0.1/24"), parsePrefix("fd00::1/64")];
    const put = [
      "ip -n host addr replace 10.0.0.1/24 broadcast 10.0.0.255 dev br0",
      "ip -n host addr replace fd00::1/64 dev br0 nodad",
    ];
    const device = (...addrs: string[]) => ({
      name: br0.name,
      addrs: addrs.map((text) => ({ prefix: parsePrefix(text), scope: "global" as const, fromKernel: false })),
    });
    expect(lines(planGateways(conf(), device(), gateways))).toEqual(put);
    expect(planGateways(conf(), device("10.0.0.1/24", "fd00::1/64"), gateways)).toEqual([]);
    expect(lines(planGateways(conf(), device("fd01::1/64"), gateways))).toEqual(put);
    expect(faultOf(() => planGateways(conf(), device("10.9.0.1/16"), gateways))).toStartWith(
      "101 cannot ADD: br0 has the address 10.9.0.1/16 and shall be gateway 10.0.0.1/24; at isGateway: ",
    );
    expect(faultOf(() => planGateways(conf(), device("fd00::9/48"), gateways))).toContain("fd00::9/48");
    expect(lines(planGateways(conf({ forceAddress: true }), device("10.9.0.1/16"), gateways))).toEqual([
      "ip -n host addr delete 10.9.0.1/16 dev br0",
      ...put,
    ]);
    expect(lines(planPinned(conf({ isGateway: true }), br0))).toEqual([
      "ip -n host link set dev br0 address 02:00:00:00:00:b0",
    ]);
    expect(planPinned(conf(), br0)).toEqual([]);
  });

  test("the gateway of a VLAN is a port of its own", () => {
    const vlan = conf({ vlan: 5, vlanTrunk: [{ id: 7 }], isGateway: true });
    const name = gatewayDevice(vlan);
    expect(lines(planGatewayPort(vlan, { mtu: 1400 }, { name, port: parseIfName("veth9"), mac, ipv6: false }))).toEqual(
      [
        "ip -n host link add name br0.5 mtu 1400 address 02:00:00:00:00:b0 type veth peer name veth9 mtu 1400",
        "ip -n host link set dev veth9 master br0 up",
        "bridge -n host vlan delete dev veth9 vid 1",
        "bridge -n host vlan add dev veth9 vid 5 pvid untagged",
        "ip -n host link set dev br0.5 up",
      ],
    );
    expect(faultOf(() => gatewayDevice(conf({ bridge: "a-long-bridge", vlan: 100 })))).toContain(
      "at bridge: the kernel takes",
    );
  });
});

describe("CHECK", () => {
  const prev: Result = { interfaces: [{ name: "br0", mac }] };
  test("the bridge", () => {
    expect(bridgeDifferences(conf(), br0, prev)).toEqual([]);
    expect(bridgeDifferences(conf(), undefined, prev)).toEqual(["the host has no bridge br0"]);
    const other = { ...br0, kind: "dummy", up: false, mac: parseMac("02:00:00:00:00:ff") };
    expect(bridgeDifferences(conf({ promiscMode: true }), other, prev)).toEqual([
      "br0 is dummy, not bridge",
      "br0 has the MAC address 02:00:00:00:00:ff, not 02:00:00:00:00:b0",
      "br0 is down",
      "br0 is not promiscuous",
    ]);
  });

  test("the port", () => {
    const port = {
      ...eth0,
      name: parseIfName("veth1"),
      master: br0.name,
      port: { hairpin: true, isolated: false } as never,
    };
    expect(portDifferences(conf({ hairpinMode: true }), port)).toEqual([]);
    const plain = { ...port, port: { hairpin: false, isolated: false } as never };
    expect(portDifferences(conf({ hairpinMode: true, portIsolation: true }), plain)).toEqual([
      "the port veth1 is not in hairpin mode",
      "the port veth1 is not isolated",
    ]);
    const { master: _, ...free } = port;
    expect(portDifferences(conf(), free)).toEqual(["veth1 is not a port of br0 but of none"]);
  });

  test("a port that firewall has isolated, and that kubelet has put into hairpin mode", () => {
    const port = {
      ...br0,
      name: parseIfName("veth1"),
      master: br0.name,
      port: { hairpin: true, isolated: true } as never,
    };
    expect(portDifferences(conf(), port)).toEqual([]);
  });

  test.each([
    ["forwarding", true, []],
    // Spanning tree takes its time after ADD.
    ["listening", true, []],
    ["learning", true, []],
    ["blocking", true, ["the port veth1 of br0 lets nothing through: its state is blocking"]],
    ["disabled", true, ["the port veth1 of br0 lets nothing through: its state is disabled"]],
    // The container's end is down: of that is told elsewhere, unless it shall be.
    ["disabled", false, []],
  ])("the state of a port: %s, with carrier %p", (state, carrier, differences) => {
    const port = { ...br0, name: parseIfName("veth1"), master: br0.name, carrier, port: { state } as never };
    expect(portDifferences(conf(), port)).toEqual(differences);
  });
});

test("CHECK of VLANs, as the kernel in memory has them after the plan", () => {
  const vlans = conf({ vlan: 5, vlanTrunk: [{ minID: 10, maxID: 12 }] });
  using kernel = new MemoryKernel();
  kernel.run([HOST, POD].map((netns) => ({ do: "netns.create", netns, owner: "", hostname: netns })));
  kernel.run(planBridge(vlans, { ipv6: false }, mac));
  kernel.run(planPair({ ...vlans, preserveDefaultVlan: true }, pair, { ipv6: false }));
  expect(vlanDifferences(vlans, pair.host, kernel)).toEqual([]);
  kernel.run([
    { do: "vlan.delete", netns: HOST, dev: pair.host, vlan: { vid: 11 } },
    { do: "vlan.add", netns: HOST, dev: pair.host, vlan: { vid: 5 } },
  ]);
  expect(vlanDifferences(vlans, pair.host, kernel)).toEqual([
    "untagged frames of veth1 are not of VLAN 5",
    "the port veth1 does not let VLAN 10-12 through",
  ]);
  expect(vlanDifferences(conf(), pair.host, kernel)).toEqual([]);
});

test("nothing of the pod is planned on the host", () => {
  const addresses = addressing(conf({ isGateway: true }), given);
  expect(new Set(planPod(conf(), pair.pod, addresses, true).map(({ netns }) => netns))).toEqual(new Set([POD]));
});
