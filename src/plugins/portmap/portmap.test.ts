import { describe, expect, test } from "bun:test";
import { printOp } from "../../change/index.ts";
import type { JsonObject } from "../../cni/index.ts";
import { printElement, printRule } from "../../nft/index.ts";
import { parsePrefix } from "../../values/index.ts";
import { Saved } from "../_iptables.ts";
import { bridged, callWith, faultOf } from "../_call-fixture.ts";
import { parseConditions } from "./conditions.ts";
import { setUp } from "./iptables.ts";
import { chainOf, referenceChains } from "./names.ts";
import { type Addresses, addressesOf, mappingsOf, portmapDelete, portmapPut, staleFlows } from "./plan.ts";
import { parsePortmap } from "./schema.ts";

const four = parsePrefix("10.8.0.2/24");
const six = parsePrefix("fd08::2/64");
const web = { hostPort: 8080, containerPort: 80, protocol: "tcp" };
const dns = { hostPort: 8053, containerPort: 53, protocol: "udp", hostIP: "192.0.2.9" };
const conf = (portMappings: readonly unknown[], rest: JsonObject = {}) =>
  parsePortmap(callWith({ runtimeConfig: { portMappings }, ...rest }));

/** The owner's rules and elements as nft shows them. */
function lines(portMappings: readonly unknown[], addresses: Addresses, rest: JsonObject = {}): readonly string[] {
  const put = portmapPut(conf(portMappings, rest), callWith({}), addresses);
  if (put === undefined) return [];
  return [
    ...Object.entries(put.own.rules).flatMap(([role, rules]) => rules.map((rule) => `${role}: ${printRule(rule)}`)),
    ...(put.own.elements ?? []).flatMap(({ set, elements }) => elements.map((one) => `${set}: ${printElement(one)}`)),
  ];
}

describe("the plan for nftables", () => {
  test("a port of every address and one of one address", () => {
    expect(lines([web, dns], { 4: four })).toEqual([
      "map: ip daddr 192.0.2.9 udp dport 8053 ip saddr 10.8.0.0/24 meta mark set meta mark | 0x00002000",
      "map: ip daddr 192.0.2.9 udp dport 8053 ip saddr 127.0.0.1 meta mark set meta mark | 0x00002000",
      "map: ip daddr 192.0.2.9 udp dport 8053 dnat ip to 10.8.0.2:53",
      "map: meta nfproto ipv4 tcp dport 8080 ip saddr 10.8.0.0/24 meta mark set meta mark | 0x00002000",
      "map: meta nfproto ipv4 tcp dport 8080 ip saddr 127.0.0.1 meta mark set meta mark | 0x00002000",
      "map: meta nfproto ipv4 tcp dport 8080 dnat ip to 10.8.0.2:80",
      "return: meta mark & 0x00002000 == 0x00002000 masquerade",
      "hosts4: 192.0.2.9 . udp . 8053 : jump map/net1/eth0/c1",
      "ports4: tcp . 8080 : jump map/net1/eth0/c1",
      "pods4: 10.8.0.2 : jump return/net1/eth0/c1",
    ]);
  });

  test("both families; an address of the other family says which", () => {
    const own = lines([web, { ...web, hostPort: 81, hostIP: "::" }, dns], { 4: four, 6: six }, { snat: false });
    expect(own).toEqual([
      "map: ip daddr 192.0.2.9 udp dport 8053 dnat ip to 10.8.0.2:53",
      "map: meta nfproto ipv4 tcp dport 8080 dnat ip to 10.8.0.2:80",
      "map: meta nfproto ipv6 tcp dport 8080 dnat ip6 to [fd08::2]:80",
      "map: meta nfproto ipv6 tcp dport 81 dnat ip6 to [fd08::2]:80",
      "hosts4: 192.0.2.9 . udp . 8053 : jump map/net1/eth0/c1",
      "ports4: tcp . 8080 : jump map/net1/eth0/c1",
      "ports6: tcp . 8080 : jump map/net1/eth0/c1",
      "ports6: tcp . 81 : jump map/net1/eth0/c1",
    ]);
    expect(lines([dns], { 6: six })).toEqual([]);
  });

  test("everybody is masqueraded, by another bit, under conditions of this network alone", () => {
    const rest = { masqAll: true, markMasqBit: 31, conditionsV4: ["ip saddr", "!=", "192.0.2.0/24"] };
    expect(lines([web], { 4: four }, rest).slice(0, 3)).toEqual([
      "map: meta nfproto ipv4 tcp dport 8080 ip saddr != 192.0.2.0/24 meta mark set meta mark | 0x80000000",
      "map: meta nfproto ipv4 tcp dport 8080 ip saddr != 192.0.2.0/24 dnat ip to 10.8.0.2:80",
      "return: meta mark & 0x80000000 == 0x80000000 masquerade",
    ]);
  });

  test("of equal mappings the last counts", () => {
    const { mappings } = conf([web, { ...web, containerPort: 81 }, { ...web, protocol: "UDP" }]);
    expect(mappingsOf(mappings, 4).map(({ protocol, containerPort }) => [protocol, containerPort])).toEqual([
      ["tcp", 81],
      ["udp", 80],
    ]);
  });

  test("flows of UDP are forgotten, a port once", () => {
    const { mappings, ...rest } = conf([web, dns, { ...dns, hostIP: "192.0.2.8" }, { ...dns, hostIP: "" }]);
    expect(staleFlows({ ...rest, mappings }, { 4: four, 6: six }).map(printOp)).toEqual([
      "ip netns exec host conntrack -D -f ipv4 -p udp --orig-port-dst 8053",
      "ip netns exec host conntrack -D -f ipv6 -p udp --orig-port-dst 8053",
    ]);
  });

  test("the first address of each family that is the interface's in a container", () => {
    const call = callWith({});
    expect(addressesOf(bridged, call)).toEqual({ 4: parsePrefix("10.0.0.2/24"), 6: parsePrefix("fd00::2/64") });
    expect(addressesOf(bridged, { ...call, ifname: "eth1" })).toEqual({});
    expect(addressesOf({ ips: [{ address: four }, { address: parsePrefix("10.8.0.3/24") }] }, call)).toEqual({
      4: four,
    });
    const host = { interfaces: [{ name: "eth0" }], ips: [{ address: four, interface: 0 }] };
    expect(addressesOf(host, call)).toEqual({});
  });

  test("DEL needs no addresses", () => {
    expect(printOp(portmapDelete(callWith({})))).toContain("delete chain inet netloom_portmap map/net1/eth0/c1");
  });
});

describe("the configuration", () => {
  test("as containerd's CRI sends it: capitals, and an empty address", () => {
    const portMappings = [{ HostPort: 18083, ContainerPort: 8080, Protocol: "tcp", HostIP: "" }];
    expect(conf(portMappings).mappings).toEqual([{ hostPort: 18083, containerPort: 8080, protocol: "tcp" }]);
  });

  test("words of iptables mean iptables, unless the backend is named", () => {
    expect(conf([]).backend).toBe("nftables");
    expect(conf([], { conditionsV4: ["-s", "192.0.2.1"] }).backend).toBe("iptables");
    expect(conf([], { conditionsV6: ["!", "-d", "fd00::/8"] }).backend).toBe("iptables");
    expect(conf([], { externalSetMarkChain: "KUBE-MARK-MASQ" }).backend).toBe("iptables");
    expect(conf([], { conditionsV4: [""] }).backend).toBe("nftables");
  });

  test.each([
    [{ backend: "ipfw" }, "at backend: write nftables or iptables"],
    [
      { backend: "iptables", conditionsV4: ["ip", "saddr", "192.0.2.1"] },
      "7 invalid network configuration: conditionsV4 is for nftables, but the backend is iptables; at conditionsV4: write nftables as backend, or conditionsV4 in the words of iptables",
    ],
    [{ backend: "nftables", externalSetMarkChain: "X" }, "at externalSetMarkChain"],
    [{ externalSetMarkChain: "X", conditionsV4: ["tcp sport 1"] }, "at conditionsV4"],
    [{ externalSetMarkChain: "X", markMasqBit: 3 }, "at markMasqBit: write one of them"],
    [{ markMasqBit: 32 }, "at markMasqBit: write a number from 0 to 31"],
    [{ snat: "no" }, "at snat"],
    [
      { runtimeConfig: { portMappings: [{ ...web, hostPort: 0 }] } },
      "at runtimeConfig.portMappings[0].hostPort: write a number from 1 to 65535",
    ],
    [{ runtimeConfig: { portMappings: [web, { hostPort: 1 }] } }, "at runtimeConfig.portMappings[1].containerPort"],
    [
      { runtimeConfig: { portMappings: [{ ...web, protocol: "icmp" }] } },
      "at runtimeConfig.portMappings[0].protocol: write tcp, udp or sctp",
    ],
    [{ runtimeConfig: { portMappings: [{ ...web, hostIP: "x" }] } }, "at runtimeConfig.portMappings[0].hostIP"],
    [{ runtimeConfig: { portMappings: [80] } }, "at runtimeConfig.portMappings[0]"],
  ])("%j is refused, but not by DEL", (bad: JsonObject, text) => {
    expect(faultOf(() => parsePortmap(callWith(bad)))).toContain(text);
    expect(() => parsePortmap(callWith(bad, { command: "DEL" }))).not.toThrow();
  });
});

describe("conditions of nft", () => {
  const parsed = (family: 4 | 6, ...words: readonly string[]) =>
    printRule({ does: parseConditions(words, family, "conditionsV4") });

  test.each([
    [4, ["ip", "saddr", "192.0.2.0/24"], "ip saddr 192.0.2.0/24"],
    [4, ['iifname != "eth0" ip daddr 192.0.2.1'], 'iifname != "eth0" ip daddr 192.0.2.1'],
    [4, ["meta", "iifname", "eth*"], 'iifname "eth*"'],
    [6, ["ip6 saddr != fd00::/8", "th sport", ">=", "1024"], "ip6 saddr != fd00::/8 th sport >= 1024"],
    [4, ["meta mark 0x10 ct state new,related"], "meta mark 0x00000010 ct state new,related"],
    [4, ["ether saddr 02:00:00:00:00:01"], "ether saddr 02:00:00:00:00:01"],
    [4, [], ""],
  ] as const)("IPv%d %j", (family, words, text) => expect(parsed(family, ...words)).toBe(text));

  test.each([
    [["ip saddr { 1.2.3.4, 1.2.3.5 }"], "write an IPv4 address or prefix behind ip saddr"],
    [["ip saddr"], "ip saddr without a value"],
    [["ip6 saddr fd00::1"], "it is about IPv4"],
    [["oif eth0"], 'has "oif eth0", which is not understood'],
    [["ct state weird"], "new, established"],
    [["meta mark many"], "write a number behind meta mark"],
    [["iifname averyveryverylongname"], "the name of an interface"],
  ] as const)("%j is refused", (words, text) => {
    expect(faultOf(() => parsed(4, ...words))).toContain(text);
    expect(faultOf(() => parsed(4, ...words))).toContain("at conditionsV4");
  });
});

describe("the commands for iptables", () => {
  const call = callWith({}, { network: "n1", containerId: "ci" });

  test("names: ours have the interface in them, the reference's are known", () => {
    expect(referenceChains(call)[0]).toBe("CNI-DN-15575256d8700ce67f304");
    expect(chainOf(call)).toMatch(/^CNI-DN-[0-9a-f]{21}$/);
    expect(chainOf({ ...call, ifname: "eth1" })).not.toBe(chainOf(call));
  });

  test("as the reference's rules, with ours for chains that are not there", () => {
    const commands = setUp(conf([web, dns], { backend: "iptables" }), call, 4, four, new Saved(""));
    const own = chainOf(call);
    expect(commands.map((line) => line.replaceAll(own, "OWN"))).toEqual([
      "-N CNI-HOSTPORT-SETMARK",
      '-A CNI-HOSTPORT-SETMARK -m comment --comment "CNI portfwd masquerade mark" -j MARK --set-xmark 0x2000/0x2000',
      "-N CNI-HOSTPORT-MASQ",
      "-A CNI-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE",
      '-I POSTROUTING 1 -m comment --comment "CNI portfwd requiring masquerade" -j CNI-HOSTPORT-MASQ',
      "-N CNI-HOSTPORT-DNAT",
      "-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT",
      "-A OUTPUT -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT",
      "-N OWN",
      '-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \\"n1\\" id: \\"ci\\"" -m multiport --dports 8080 -j OWN',
      '-A CNI-HOSTPORT-DNAT -p udp -m comment --comment "dnat name: \\"n1\\" id: \\"ci\\"" -m multiport --dports 8053 -j OWN',
      "-A OWN -s 10.8.0.0/24 -d 192.0.2.9/32 -p udp -m udp --dport 8053 -j CNI-HOSTPORT-SETMARK",
      "-A OWN -s 127.0.0.1/32 -d 192.0.2.9/32 -p udp -m udp --dport 8053 -j CNI-HOSTPORT-SETMARK",
      "-A OWN -d 192.0.2.9/32 -p udp -m udp --dport 8053 -j DNAT --to-destination 10.8.0.2:53",
      "-A OWN -s 10.8.0.0/24 -p tcp -m tcp --dport 8080 -j CNI-HOSTPORT-SETMARK",
      "-A OWN -s 127.0.0.1/32 -p tcp -m tcp --dport 8080 -j CNI-HOSTPORT-SETMARK",
      "-A OWN -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.8.0.2:80",
    ]);
  });

  test("somebody else's marking chain, conditions, and many ports", () => {
    const many = Array.from({ length: 16 }, (_, i) => ({ ...web, hostPort: 9000 + i }));
    const rest = { externalSetMarkChain: "KUBE-MARK-MASQ", conditionsV6: ["!", "-s", "fd00::/8"] };
    const commands = setUp(conf(many, rest), call, 6, six, new Saved(`:CNI-HOSTPORT-DNAT - [0:0]\n`));
    expect(commands.some((line) => line.includes("SETMARK") || line.startsWith("-N CNI-HOSTPORT"))).toBe(false);
    const entries = commands.filter((line) => line.includes("multiport"));
    expect(entries.map((line) => line.replace(/.*--dports /, ""))).toEqual([
      `9000,9001,9002,9003,9004,9005,9006,9007,9008,9009,9010,9011,9012,9013,9014 ! -s fd00::/8 -j ${chainOf(call)}`,
      `9015 ! -s fd00::/8 -j ${chainOf(call)}`,
    ]);
    expect(commands).toContain(`-A ${chainOf(call)} -s fd08::/64 -p tcp -m tcp --dport 9015 -j KUBE-MARK-MASQ`);
    expect(commands.at(-1)).toBe(
      `-A ${chainOf(call)} -p tcp -m tcp --dport 9015 -j DNAT --to-destination [fd08::2]:80`,
    );
  });

  test("what takes a chain away", () => {
    const saved = new Saved(
      "*nat\n:X - [0:0]\n:Y - [0:0]\n-A Y -p tcp -j X\n-A X -j DNAT --to-destination 10.0.0.1:1\nCOMMIT\n",
    );
    expect(saved.removal("X")).toEqual(["-D Y -p tcp -j X", "-F X", "-X X"]);
    expect(saved.removal("Z")).toEqual([]);
  });
});
