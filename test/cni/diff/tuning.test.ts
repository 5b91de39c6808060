import type { Case, CallStep, Conf } from "../case.ts";
import { againstReference } from "../against.ts";
import { v4 } from "./ipam.ts";

const chain = (more: Conf): readonly Conf[] => [
  { type: "bridge", bridge: "br0", isGateway: true, ipam: v4 },
  { type: "tuning", ...more },
];
const under = ["tuning"];
const add: CallStep = { call: "ADD" };
const alone = (more: Conf): CallStep => ({
  call: "ADD",
  chain: [{ type: "tuning", ...more }],
  prevResult: { cniVersion: "1.0.0", interfaces: [{ name: "lo", sandbox: "/run/netns/a" }] },
  ifname: "lo",
});

const cases: readonly Case[] = [
  {
    name: "sysctl",
    under,
    chain: chain({ sysctl: { "net.core.somaxconn": "500", "net.ipv4.conf.all.log_martians": "1" } }),
  },
  {
    name: "sysctl of the interface",
    under,
    chain: chain({ sysctl: { "net.ipv4.conf.IFNAME.arp_filter": "1", "net/ipv6/conf/IFNAME/forwarding": "1" } }),
  },
  {
    name: "sysctl of a name with a dot",
    under,
    chain: chain({ sysctl: { "net/ipv4/conf/eth0/arp_filter": "1" } }),
    steps: [add, { call: "CHECK" }],
  },
  { name: "mac", under, chain: chain({ mac: "02:00:00:00:00:77" }) },
  {
    name: "mac, and which counts",
    under,
    chain: chain({ mac: "02:00:00:00:00:77" }),
    steps: [
      { ...add, args: "IgnoreUnknown=1;MAC=02:00:00:00:00:78" },
      { call: "DEL", args: "IgnoreUnknown=1;MAC=02:00:00:00:00:78" },
      { ...add, runtimeConfig: { mac: "02:00:00:00:00:79" } },
      { call: "DEL" },
    ],
  },
  { name: "mtu", under, chain: chain({ mtu: 1400 }) },
  { name: "promiscuous and all multicast", under, chain: chain({ promisc: true, allmulti: true }) },
  { name: "queue", under, chain: chain({ txQLen: 555 }) },
  {
    name: "everything by args",
    under,
    chain: chain({
      sysctl: {},
      args: {
        cni: {
          sysctl: { "net.core.somaxconn": "600" },
          mac: "02:00:00:00:00:70",
          promisc: true,
          mtu: 1300,
          allmulti: true,
          txQLen: 444,
        },
      },
    }),
  },
  { name: "another folder", under, chain: chain({ mtu: 1400, dataDir: "/run/elsewhere" }) },
  { name: "nothing to do", under, chain: chain({}) },
  {
    name: "without a result",
    under,
    chain: [{ type: "tuning", sysctl: { "net.core.somaxconn": "500" } }],
    steps: [
      { call: "ADD", ifname: "lo" },
      { call: "DEL", ifname: "lo" },
    ],
  },
  {
    name: "CHECK finds what was changed",
    under,
    chain: chain({ sysctl: { "net.core.somaxconn": "500" }, mtu: 1400 }),
    steps: [
      add,
      { sh: "ip -n a link set eth0 mtu 1450" },
      { call: "CHECK" },
      { sh: "ip -n a link set eth0 mtu 1400; ip netns exec a sh -c 'echo 7 >/proc/sys/net/core/somaxconn'" },
      { call: "CHECK" },
    ],
  },
  {
    name: "DEL after the namespace is gone",
    under: ["tuning"],
    chain: chain({ mtu: 1400 }),
    steps: [
      add,
      { sh: "ip netns del a; while ip -br link show master br0 | grep -q veth; do sleep .05; done; ip netns add b" },
      { call: "DEL" },
    ],
  },
  {
    name: "DEL before ADD, everywhere",
    under,
    chain: [{ type: "tuning", mtu: 1400 }],
    steps: [{ call: "DEL" }, { call: "DEL", netns: "" }, { call: "DEL", netns: "gone" }],
  },
  {
    name: "what is allowed",
    under,
    chain: chain({}),
    before: [
      "mkdir -p /etc/cni/tuning; printf '^net.core.somaxconn$\\n^net\\\\.ipv4\\\\.conf\\\\.IFNAME\\\\.[a-z_]*$\\n' >/etc/cni/tuning/allowlist.conf",
    ],
    steps: [
      alone({ sysctl: { "net.core.somaxconn": "500" } }),
      alone({ sysctl: { "net.ipv4.conf.IFNAME.arp_filter": "1" } }),
      alone({ sysctl: { "net.ipv4.ip_forward": "1" } }),
    ],
  },
  {
    name: "faults",
    under,
    chain: chain({}),
    steps: [
      alone({ sysctl: { "kernel.hostname": "x" } }),
      alone({ sysctl: { "net/../kernel/hostname": "x" } }),
      alone({ sysctl: { "net.ipv4.nothing": "1" } }),
      alone({ sysctl: { "net.core.somaxconn": "many" } }),
      alone({ sysctl: { "net.core.somaxconn": 500 } }),
      alone({ mac: "x" }),
      alone({ mtu: -1 }),
      alone({ mtu: "1400" }),
      {
        ...alone({}),
        stdin:
          '{"cniVersion":"1.0.0","name":"net1","type":"tuning","sysctl":{"net.core.somaxconn":"1","net.core.somaxconn":"2"}}',
      },
    ],
  },
];

await againstReference("tuning", cases);
