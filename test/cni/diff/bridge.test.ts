import type { Case, CallStep, Conf } from "../case.ts";
import { againstReference } from "../against.ts";
import { dual, fixed, v4, v6 } from "./ipam.ts";

const bridge = (more: Conf = {}): readonly Conf[] => [
  { type: "bridge", bridge: "br0", isGateway: true, ipam: v4, ...more },
];
const add: CallStep = { call: "ADD" };
const second: CallStep = { call: "ADD", id: "c2", netns: "b" };
const b = "ip netns add b";
const addFailing = (...all: readonly Conf[]): readonly CallStep[] =>
  all.map((more) => ({ call: "ADD", chain: bridge(more) }));

const cases: readonly Case[] = [
  { name: "plain", chain: bridge() },
  {
    name: "two containers",
    chain: bridge(),
    before: [b],
    steps: [add, second, { call: "DEL" }, { call: "DEL", id: "c2", netns: "b" }],
  },
  {
    name: "two interfaces of a container",
    chain: bridge(),
    steps: [add, { call: "ADD", ifname: "eth1" }, { call: "DEL", ifname: "eth1" }, { call: "CHECK" }],
  },
  {
    name: "the default bridge, no gateway",
    chain: [{ type: "bridge", ipam: { type: "host-local", subnet: "10.7.0.0/24" } }],
  },
  {
    name: "default gateway",
    chain: bridge({ isGateway: false, isDefaultGateway: true, ipam: { type: "host-local", subnet: "10.7.0.0/24" } }),
  },
  {
    name: "default gateway beside a default route",
    chain: bridge({ isDefaultGateway: true }),
    steps: [add, { call: "DEL" }],
  },
  {
    name: "default gateway, two families",
    chain: bridge({
      isDefaultGateway: true,
      ipam: { type: "host-local", ranges: [[{ subnet: "10.7.0.0/24" }], [{ subnet: "fd07::/64" }]] },
    }),
  },
  { name: "two families", chain: bridge({ ipam: dual }) },
  { name: "IPv6 only", chain: bridge({ ipam: v6 }) },
  {
    name: "duplicate address detection",
    chain: bridge({ ipam: dual, enabledad: true }),
    steps: [add, { call: "DEL" }],
  },
  { name: "mtu", chain: bridge({ mtu: 1400 }) },
  {
    name: "mtu of a second network",
    chain: bridge({ mtu: 1300 }),
    before: ["ip link add br0 mtu 1450 type bridge; ip link set br0 up"],
    steps: [add, { call: "DEL" }],
  },
  { name: "hairpin", chain: bridge({ hairpinMode: true }) },
  { name: "promiscuous", chain: bridge({ promiscMode: true }) },
  { name: "hairpin and promiscuous", chain: bridge(), steps: addFailing({ hairpinMode: true, promiscMode: true }) },
  { name: "port isolation", chain: bridge({ portIsolation: true }) },
  { name: "layer 2", chain: [{ type: "bridge", bridge: "br0" }], steps: [add, { call: "DEL" }, { call: "DEL" }] },
  {
    name: "layer 2, ipam without a type",
    chain: [{ type: "bridge", bridge: "br0", ipam: {} }],
    steps: [add, { call: "DEL" }],
  },
  {
    name: "container end down",
    chain: [{ type: "bridge", bridge: "br0", disableContainerInterface: true }],
    steps: [add, { call: "DEL" }],
  },
  { name: "container end down with ipam", chain: bridge(), steps: addFailing({ disableContainerInterface: true }) },
  { name: "masquerade", chain: bridge({ ipMasq: true }) },
  {
    name: "masquerade, two families",
    chain: bridge({ ipMasq: true, ipam: dual }),
    steps: [add, { call: "DEL" }, { call: "DEL" }],
  },
  { name: "masquerade by nftables", chain: bridge({ ipMasq: true, ipMasqBackend: "nftables", ipam: dual }) },
  {
    name: "masquerade by iptables",
    chain: bridge({ ipMasq: true, ipMasqBackend: "iptables" }),
    steps: [add, { call: "CHECK" }, { call: "DEL" }, { call: "DEL" }],
  },
  {
    name: "masquerade by nothing known",
    chain: bridge(),
    steps: addFailing({ ipMasq: true, ipMasqBackend: "ipchains" }),
  },
  { name: "spoof check", chain: bridge({ macspoofchk: true }) },
  {
    name: "own mac",
    chain: bridge(),
    steps: [{ call: "ADD", runtimeConfig: { mac: "02:00:00:00:00:77" } }, { call: "CHECK" }, { call: "DEL" }],
  },
  {
    name: "mac by CNI_ARGS",
    chain: bridge(),
    steps: [
      { call: "ADD", args: "IgnoreUnknown=1;MAC=02:00:00:00:00:78" },
      { call: "DEL", args: "IgnoreUnknown=1;MAC=02:00:00:00:00:78" },
    ],
  },
  {
    name: "mac by args, and which counts",
    chain: bridge({ args: { cni: { mac: "02:00:00:00:00:79" } } }),
    steps: [
      add,
      { call: "DEL" },
      { call: "ADD", args: "IgnoreUnknown=1;MAC=02:00:00:00:00:78" },
      { call: "DEL" },
      { call: "ADD", args: "IgnoreUnknown=1;MAC=02:00:00:00:00:78", runtimeConfig: { mac: "02:00:00:00:00:77" } },
      { call: "DEL" },
    ],
  },
  {
    name: "mac of nonsense",
    chain: bridge(),
    steps: [
      { call: "ADD", runtimeConfig: { mac: "x" } },
      { call: "ADD", args: "IgnoreUnknown=1;MAC=x" },
    ],
  },
  {
    name: "address by CNI_ARGS, as podman asks",
    chain: bridge(),
    steps: [
      { call: "ADD", args: "IgnoreUnknown=1;K8S_POD_NAME=c2;MAC=02:00:00:00:00:77;IP=10.7.0.77" },
      { call: "DEL", args: "IgnoreUnknown=1;K8S_POD_NAME=c2;MAC=02:00:00:00:00:77;IP=10.7.0.77" },
    ],
  },
  {
    name: "dns over that of ipam",
    chain: bridge({ dns: { nameservers: ["192.0.2.53"], search: ["a.example"] } }),
    steps: [add, { call: "DEL" }],
  },
  {
    name: "routes with attributes",
    version: "1.1.0",
    chain: bridge({
      ipam: {
        ...v4,
        routes: [
          { dst: "0.0.0.0/0", priority: 50 },
          { dst: "192.0.2.0/24", gw: "10.7.0.9", table: 77, scope: 0 },
        ],
      },
    }),
  },
  {
    name: "two addresses of one family",
    chain: bridge({ ipam: { type: "host-local", ranges: [[{ subnet: "10.7.0.0/24" }], [{ subnet: "10.8.0.0/24" }]] } }),
    steps: [add, { call: "DEL" }],
  },
  {
    name: "static addresses",
    chain: bridge({ ipam: fixed([{ address: "10.7.0.9/24", gateway: "10.7.0.1" }], [{ dst: "0.0.0.0/0" }]) }),
  },
  {
    name: "another address on the bridge",
    chain: bridge(),
    before: ["ip link add br0 type bridge; ip link set br0 up; ip addr add 10.9.0.1/24 dev br0"],
    steps: [add, { call: "DEL" }],
  },
  {
    name: "another address on the bridge, forced",
    chain: bridge({ forceAddress: true }),
    before: ["ip link add br0 type bridge; ip link set br0 up; ip addr add 10.9.0.1/24 dev br0"],
    steps: [add, { call: "DEL" }],
  },
  {
    name: "another IPv6 address on the bridge",
    chain: bridge({ ipam: v6 }),
    before: [
      "ip link add br0 type bridge; ip link set br0 up; ip addr add fd07::99/64 dev br0 nodad; ip addr add fd99::99/64 dev br0 nodad",
    ],
    steps: [add, { call: "DEL" }],
  },
  {
    name: "another IPv6 address on the bridge, forced",
    chain: bridge({ ipam: v6, forceAddress: true }),
    before: [
      "ip link add br0 type bridge; ip link set br0 up; ip addr add fd07::99/64 dev br0 nodad; ip addr add fd99::99/64 dev br0 nodad",
    ],
    steps: [add, { call: "DEL" }],
  },
  {
    name: "a bridge that is none",
    chain: bridge(),
    before: ["ip link add br0 type veth peer name br0p"],
    steps: [add, { call: "DEL" }],
  },
  {
    name: "bridge with ports of others",
    chain: bridge(),
    before: [
      "ip link add br0 type bridge; ip link set br0 up; ip link add out type veth peer name outp; ip link set out master br0; ip link set out up; ip link set outp up",
    ],
    steps: [add, { call: "DEL" }],
  },
  ...["0.2.0", "0.3.1", "0.4.0", "1.1.0"].map((version) => ({
    name: `result of ${version}`,
    version,
    chain: bridge({ ipam: dual }),
    steps: [add, { call: "DEL" } as const],
  })),
  {
    name: "layer 2 in 0.2.0",
    version: "0.2.0",
    chain: [{ type: "bridge", bridge: "br0" }],
    steps: [add, { call: "DEL" }],
  },
  {
    name: "CHECK finds what was changed",
    chain: bridge(),
    steps: [
      add,
      { call: "CHECK" },
      { sh: "ip -n a route del default" },
      { call: "CHECK" },
      { sh: "ip -n a route add default via 10.7.0.1; ip -n a addr del 10.7.0.2/24 dev eth0" },
      { call: "CHECK" },
      { sh: "ip -n a addr add 10.7.0.2/24 dev eth0; ip -n a route add default via 10.7.0.1" },
      { call: "CHECK" },
      { sh: "ip link set $(ip -br link show master br0 | sed 's/@.*//') nomaster" },
      { call: "CHECK" },
    ],
  },
  {
    name: "CHECK without a result, and of a reservation that is gone",
    chain: bridge(),
    steps: [
      add,
      { call: "CHECK", prevResult: false },
      { sh: "rm /var/lib/cni/networks/net1/10.7.0.2" },
      { call: "CHECK" },
    ],
  },
  {
    name: "DEL before ADD, everywhere",
    chain: bridge({ ipMasq: true }),
    steps: [
      { call: "DEL" },
      { call: "DEL", netns: "" },
      { call: "DEL", netns: "gone" },
      { call: "DEL", netns: "/etc/hosts" },
    ],
  },
  { name: "DEL without a result", chain: bridge({ ipMasq: true }), steps: [add, { call: "DEL", prevResult: false }] },
  {
    name: "DEL without a namespace",
    chain: bridge({ ipMasq: true }),
    steps: [add, { call: "DEL", netns: "" }, { call: "DEL" }],
  },
  {
    name: "DEL after the namespace is gone",
    chain: bridge({ ipMasq: true }),
    steps: [
      add,
      { sh: "ip netns del a; while ip -br link show master br0 | grep -q veth; do sleep .05; done; ip netns add b" },
      { call: "DEL" },
    ],
  },
  {
    name: "DEL after the addresses were flushed",
    chain: bridge({ ipMasq: true }),
    steps: [add, { sh: "ip -n a addr flush dev eth0" }, { call: "DEL" }],
  },
  { name: "ADD twice", chain: bridge(), steps: [add, add, { call: "DEL" }] },
  {
    name: "ADD over a device of that name",
    chain: bridge(),
    before: ["ip -n a link add eth0 type bridge"],
    steps: [add, { call: "DEL" }],
  },
  {
    name: "a range that is full",
    chain: bridge({ ipam: { type: "host-local", subnet: "10.7.0.0/30" } }),
    before: [b],
    steps: [add, second, { call: "DEL", id: "c2", netns: "b" }, { call: "STATUS" }],
  },
  { name: "STATUS", version: "1.1.0", chain: bridge(), steps: [{ call: "STATUS" }] },
  {
    name: "STATUS without its ipam",
    version: "1.1.0",
    chain: bridge({ ipam: { type: "nowhere" } }),
    steps: [{ call: "STATUS" }, add, { call: "DEL" }],
  },
  {
    name: "no such namespace",
    chain: bridge(),
    steps: [
      { call: "ADD", netns: "gone" },
      { call: "ADD", netns: "/etc/hosts" },
      { call: "DEL", netns: "gone" },
    ],
  },
  {
    name: "faults of the configuration",
    chain: bridge(),
    steps: addFailing(
      { bridge: 7 },
      { vlan: 4095 },
      { vlan: -1 },
      { vlan: "5" },
      { mtu: "1400" },
      { isGateway: "yes" },
      { ipam: "x" },
      { vlan: 5, vlanTrunk: [{ minID: 1 }] },
      { vlanTrunk: [{ minID: 5, maxID: 4 }] },
      { vlanTrunk: [{ id: 0 }] },
    ),
  },
  { name: "vlan", needs: "bridge vlan", chain: bridge({ vlan: 100 }) },
  {
    name: "vlan of layer 2",
    needs: "bridge vlan",
    chain: [{ type: "bridge", bridge: "br0", vlan: 100 }],
    steps: [add, { call: "DEL" }],
  },
  { name: "vlan, the default one kept", needs: "bridge vlan", chain: bridge({ vlan: 100, preserveDefaultVlan: true }) },
  {
    name: "trunk",
    needs: "bridge vlan",
    chain: bridge({ isGateway: false, vlanTrunk: [{ minID: 10, maxID: 12 }, { id: 20 }] }),
  },
];

await againstReference("bridge", cases);
