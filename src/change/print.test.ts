import { describe, expect, test } from "bun:test";
import { parseIfName, parseIp, parseMac, parsePrefix } from "../values/index.ts";
import { opToJson } from "./json.ts";
import type { Op } from "./op.ts";
import { printOp } from "./print.ts";

const netns = "vm-001";
const dev = parseIfName("eth0");
const ip = parseIp;
const prefix = parsePrefix;
const mac = parseMac("02:00:00:00:00:01");

/** Forms that test/contract/printed.ts cannot run on this machine's kernel, and those worth reading. */
const lines: readonly (readonly [Op, string])[] = [
  [
    { do: "netns.create", netns, owner: "netloom:lab", hostname: "vm-001" },
    "ip netns add vm-001  # netloom:lab, hostname vm-001",
  ],
  [
    { do: "sysctl.set", netns, key: "net.ipv4.ping_group_range", value: "0 1000" },
    "ip netns exec vm-001 sysctl -w 'net.ipv4.ping_group_range=0 1000'",
  ],
  [
    { do: "link.add", netns, link: { name: parseIfName("a"), kind: "dummy", up: true } },
    "ip -n vm-001 link add name a up type dummy",
  ],
  [
    {
      do: "link.add",
      netns,
      link: { name: parseIfName("v7"), kind: "vlan", lower: dev, data: { id: 7, protocol: "802.1ad" } },
    },
    "ip -n vm-001 link add link eth0 name v7 type vlan id 7 protocol 802.1ad",
  ],
  [
    {
      do: "link.add",
      netns,
      link: { name: parseIfName("m0"), kind: "macvlan", lower: dev, lowerNetns: "host", data: { mode: "bridge" } },
    },
    "ip -n host link add link eth0 name m0 netns vm-001 type macvlan mode bridge",
  ],
  [
    {
      do: "link.add",
      netns,
      link: { name: parseIfName("i0"), kind: "ipvlan", lower: dev, data: { mode: "l3s", flags: "private" } },
    },
    "ip -n vm-001 link add link eth0 name i0 type ipvlan mode l3s private",
  ],
  [
    {
      do: "link.add",
      netns,
      link: {
        name: parseIfName("t0"),
        kind: "ip6tnl",
        data: { local: ip("fd00::1"), remote: ip("fd00::2"), ttl: 64, proto: 41, flags: 1 },
      },
    },
    "ip -n vm-001 link add name t0 type ip6tnl local fd00::1 remote fd00::2 hoplimit 64 mode ip6ip6 encaplimit none",
  ],
  [
    {
      do: "link.add",
      netns,
      link: { name: parseIfName("x0"), kind: "vxlan", lower: parseIfName("a;b"), data: { id: 1 } },
    },
    "ip -n vm-001 link add name x0 type vxlan id 1 dev 'a;b'",
  ],
  [
    { do: "link.set", netns, name: dev, set: { up: false, master: null, mtu: 1400 }, was: {} },
    "ip -n vm-001 link set dev eth0 down nomaster mtu 1400",
  ],
  [
    { do: "link.set", netns, name: dev, set: { up: true, addrGenMode: "stable-privacy" }, was: {} },
    "ip -n vm-001 link set dev eth0 addrgenmode stable_secret && ip -n vm-001 link set dev eth0 up",
  ],
  [
    { do: "addr.add", netns, dev, addr: { prefix: prefix("10.0.0.1/24"), noDad: true } },
    "ip -n vm-001 addr add 10.0.0.1/24 dev eth0 nodad",
  ],
  [
    {
      do: "addr.add",
      netns,
      dev,
      addr: { prefix: prefix("10.0.0.1/24"), broadcast: ip("10.0.0.255"), noPrefixRoute: true },
      replace: true,
    },
    "ip -n vm-001 addr replace 10.0.0.1/24 broadcast 10.0.0.255 dev eth0 noprefixroute",
  ],
  [
    { do: "link.set", netns, name: dev, set: { promisc: true, allmulti: false, txQueueLen: 500 }, was: {} },
    "ip -n vm-001 link set dev eth0 promisc on allmulticast off txqueuelen 500",
  ],
  [
    { do: "redirect.add", netns, dev, to: parseIfName("ifb0") },
    "tc -n vm-001 qdisc add dev eth0 ingress && tc -n vm-001 filter add dev eth0 parent ffff: protocol all prio 1 u32 match u32 0 0 action mirred egress redirect dev ifb0",
  ],
  [{ do: "redirect.delete", netns, dev, to: parseIfName("ifb0") }, "tc -n vm-001 qdisc delete dev eth0 ingress"],
  [
    { do: "neigh.forget", netns, ips: [ip("10.0.0.2"), ip("fd00::2")] },
    "ip -n vm-001 neigh flush to 10.0.0.2 && ip -n vm-001 neigh flush to fd00::2",
  ],
  [
    { do: "flows.forget", netns, flows: { family: 6, protocol: "udp", port: 53 } },
    "ip netns exec vm-001 conntrack -D -f ipv6 -p udp --orig-port-dst 53",
  ],
  [
    { do: "nft.clear", netns, table: { family: "ip", name: "nat" }, what: { chain: "CNI-DN-1" } },
    "ip netns exec vm-001 nft 'delete chain ip nat CNI-DN-1'  # and the rules that lead to it",
  ],
  [
    { do: "nft.clear", netns, table: { family: "ip", name: "cni_hostport" }, what: { comment: "c1" } },
    'ip netns exec vm-001 nft -a list table ip cni_hostport  # and delete the rules with the comment "c1"',
  ],
  [
    { do: "link.move", netns, name: dev, to: { netns: "pod", name: parseIfName("net1") } },
    "ip -n vm-001 link set dev eth0 netns pod name net1",
  ],
  [
    { do: "vlan.add", netns, dev, vlan: { vid: 100, pvid: true, untagged: true } },
    "bridge -n vm-001 vlan add dev eth0 vid 100 pvid untagged",
  ],
  [
    { do: "vlan.delete", netns, dev, vlan: { vid: 200, last: 299 } },
    "bridge -n vm-001 vlan delete dev eth0 vid 200-299",
  ],
  [
    {
      do: "route.put",
      netns,
      route: { dst: prefix("10.1.0.0/16"), dev, scope: 253, mtu: 1400, advmss: 1360, table: 100 },
      prepend: true,
    },
    "ip -n vm-001 route prepend 10.1.0.0/16 dev eth0 table 100 scope link mtu 1400 advmss 1360",
  ],
  [
    { do: "route.put", netns, route: { dst: prefix("10.1.0.0/16"), via: ip("fd00::1"), dev } },
    "ip -n vm-001 route replace 10.1.0.0/16 via inet6 fd00::1 dev eth0",
  ],
  [
    {
      do: "route.put",
      netns,
      route: { dst: prefix("fd01::/64"), encap: { type: "ip6", dst: ip("fd00::9"), id: 5n, ttl: 9 }, dev },
    },
    "ip -n vm-001 route replace fd01::/64 encap ip6 id 5 dst fd00::9 hoplimit 9 dev eth0",
  ],
  [
    { do: "fdb.put", netns, fdb: { dev, mac, dst: ip("fe80::2"), via: parseIfName("eth1") } },
    "bridge -n vm-001 fdb replace 02:00:00:00:00:01 dev eth0 dst fe80::2 via eth1 self permanent",
  ],
  [
    { do: "fdb.put", netns, fdb: { dev, mac, dst: ip("10.0.0.2") } },
    "bridge -n vm-001 fdb replace 02:00:00:00:00:01 dev eth0 dst 10.0.0.2 self permanent",
  ],
  [
    { do: "neigh.delete", netns, neigh: { dev, mac, ip: ip("10.0.0.2") } },
    "ip -n vm-001 neigh delete 10.0.0.2 dev eth0",
  ],
  [
    { do: "qdisc.put", netns, dev, qdisc: { kind: "netem", delay: 20_000, jitter: 5000, loss: 0.001, rate: 125_000 } },
    "tc -n vm-001 qdisc replace dev eth0 root netem delay 20000us 5000us loss 0.1% rate 1000000bit",
  ],
];

describe("an op is printed as", () => {
  test.each(lines)("%#", (op, line) => expect(printOp(op)).toBe(line));
});

test("an op as JSON has bigints as decimal strings and no absent keys", () => {
  const route = { dst: prefix("10.1.0.0/16"), encap: { type: "ip", dst: ip("10.0.0.9"), id: 2n ** 60n } } as const;
  expect(JSON.stringify(opToJson({ do: "route.put", netns, route }))).toBe(
    '{"do":"route.put","netns":"vm-001","route":{"dst":"10.1.0.0/16","encap":{"type":"ip","dst":"10.0.0.9","id":"1152921504606846976"}}}',
  );
});
