import type { Case, CallStep, Conf } from "../case.ts";
import { againstReference } from "../against.ts";

const conf = (ipam: Conf): readonly Conf[] => [{ type: "host-local", ipam: { type: "host-local", ...ipam } }];
const range = (...subnets: string[]): Conf => ({ ranges: subnets.map((subnet) => [{ subnet }]) });
const add = (id: string, more: Partial<CallStep> = {}): CallStep => ({ call: "ADD", id, ...more });
const del = (id: string, more: Partial<CallStep> = {}): CallStep => ({ call: "DEL", id, ...more });
const faults = (...all: readonly Conf[]): readonly CallStep[] =>
  all.map((ipam) => ({ call: "ADD", chain: conf(ipam) }));

const cases: readonly Case[] = [
  { name: "one range", chain: conf(range("10.1.0.0/24")) },
  {
    name: "two families",
    chain: conf({
      ...range("10.1.0.0/24", "fd01::/64"),
      routes: [{ dst: "0.0.0.0/0" }, { dst: "::/0", gw: "fd01::9" }],
    }),
  },
  {
    name: "old style",
    chain: conf({ subnet: "10.1.0.0/24", rangeStart: "10.1.0.10", rangeEnd: "10.1.0.20", gateway: "10.1.0.254" }),
  },
  {
    name: "old style beside ranges",
    chain: conf({ subnet: "10.1.0.0/24", ...range("10.2.0.0/24") }),
    steps: [add("c1"), del("c1")],
  },
  {
    name: "old style beside ranges in 0.2.0",
    version: "0.2.0",
    chain: conf({ subnet: "10.1.0.0/24", ...range("10.2.0.0/24") }),
    steps: [add("c1")],
  },
  {
    name: "round robin, and around the end",
    chain: conf({ subnet: "10.1.0.0/29" }),
    steps: [
      add("c1"),
      add("c2"),
      add("c3"),
      del("c2"),
      add("c4"),
      add("c5"),
      add("c6"),
      del("c1"),
      add("c7"),
      add("c8"),
      del("c8"),
    ],
  },
  {
    name: "several ranges in a set",
    chain: conf({
      ranges: [
        [
          { subnet: "10.1.0.0/30" },
          { subnet: "10.2.0.0/24", rangeStart: "10.2.0.5", rangeEnd: "10.2.0.6", gateway: "10.2.0.1" },
        ],
      ],
    }),
    steps: [add("c1"), add("c2"), add("c3"), add("c4"), del("c1"), add("c5")],
  },
  {
    name: "gateway inside the range",
    chain: conf({ ranges: [[{ subnet: "10.1.0.0/29", gateway: "10.1.0.3" }]] }),
    steps: [add("c1"), add("c2"), add("c3")],
  },
  {
    name: "requested addresses",
    chain: conf(range("10.1.0.0/24", "fd01::/64")),
    steps: [
      add("c1", { args: "IP=10.1.0.77" }),
      add("c2", { args: "IP=10.1.0.77" }),
      add("c3", { args: "IgnoreUnknown=1;K8S_POD_NAME=x;IP=10.1.0.78" }),
      add("c4", { runtimeConfig: { ips: ["10.1.0.80/24", "fd01::80"] } }),
      add("c5", { runtimeConfig: { ips: ["10.1.0.1"] } }),
      add("c6", { runtimeConfig: { ips: ["10.9.0.1"] } }),
      add("c7", { runtimeConfig: { ips: ["10.1.0.0"] } }),
      add("c8", { runtimeConfig: { ips: ["10.1.0.255"] } }),
      add("c9", { runtimeConfig: { ips: ["x"] } }),
      add("c10", { chain: [{ ...conf(range("10.1.0.0/24"))[0], args: { cni: { ips: ["10.1.0.90"] } } }] }),
      add("c11", { args: "FOO=BAR" }),
      add("c12"),
    ],
  },
  {
    name: "ranges of the runtime come first",
    chain: conf(range("10.1.0.0/24")),
    steps: [
      add("c1", { runtimeConfig: { ipRanges: [[{ subnet: "10.8.0.0/24" }]] } }),
      add("c2", { runtimeConfig: { ipRanges: [[{ subnet: "10.1.0.0/25" }]] } }),
      del("c1", { runtimeConfig: { ipRanges: [[{ subnet: "10.8.0.0/24" }]] } }),
    ],
  },
  {
    name: "full",
    chain: conf({ subnet: "10.1.0.0/30" }),
    steps: [add("c1"), add("c2"), add("c3"), del("c1"), add("c4")],
  },
  {
    name: "full in the second family gives the first back",
    chain: conf(range("10.1.0.0/24", "fd01::/126")),
    steps: [add("c1"), add("c2"), add("c3"), add("c4")],
  },
  {
    name: "twice for one attachment",
    chain: conf(range("10.1.0.0/24")),
    steps: [
      add("c1"),
      add("c1"),
      add("c1", { ifname: "eth1" }),
      add("c1", { args: "IP=10.1.0.99" }),
      del("c1"),
      del("c1", { ifname: "eth1" }),
    ],
  },
  {
    name: "a file of the old form, and one of nobody",
    chain: conf(range("10.1.0.0/24")),
    steps: [
      {
        sh: "mkdir -p /var/lib/cni/networks/net1; cd /var/lib/cni/networks/net1; printf c1 >10.1.0.2; printf ' c9 \\n' >10.1.0.4",
      },
      { call: "CHECK", prevResult: { cniVersion: "1.0.0", ips: [{ address: "10.1.0.2/24" }] } },
      add("c2"),
      add("c3"),
      del("c1"),
      del("c9"),
    ],
  },
  {
    name: "CHECK without a reservation",
    chain: conf(range("10.1.0.0/24")),
    steps: [add("c1"), { sh: "rm /var/lib/cni/networks/net1/10.1.0.2" }, { call: "CHECK" }],
  },
  { name: "another folder", chain: conf({ ...range("10.1.0.0/24"), dataDir: "/run/elsewhere" }) },
  {
    name: "resolv.conf",
    chain: conf({ ...range("10.1.0.0/24"), resolvConf: "/run/resolv.conf" }),
    before: [
      "printf '# c\\n; d\\nnameserver 192.0.2.53\\nnameserver 192.0.2.54\\ndomain example.org\\nsearch a.example b.example\\noptions ndots:2 rotate\\n' >/run/resolv.conf",
    ],
  },
  {
    name: "no such resolv.conf",
    chain: conf({ ...range("10.1.0.0/24"), resolvConf: "/run/nothing" }),
    steps: [add("c1")],
  },
  {
    name: "routes of 1.1.0",
    version: "1.1.0",
    chain: conf({
      ...range("10.1.0.0/24"),
      routes: [{ dst: "192.0.2.0/24", gw: "10.1.0.9", mtu: 1400, priority: 5, table: 9 }],
    }),
    steps: [add("c1"), { call: "STATUS" }, del("c1")],
  },
  ...["0.1.0", "0.2.0", "0.3.1", "0.4.0"].map((version) => ({
    name: `result of ${version}`,
    version,
    chain: conf(range("10.1.0.0/24", "fd01::/64")),
    steps: [add("c1"), del("c1")],
  })),
  {
    name: "DEL of what was never there",
    chain: conf(range("10.1.0.0/24")),
    steps: [del("c1"), del("c1", { netns: "" }), del("c1", { netns: "gone" })],
  },
  {
    name: "faults of the configuration",
    chain: conf({}),
    steps: [
      { call: "ADD", chain: [{ type: "host-local" }] },
      ...faults(
        {},
        { ranges: [] },
        { ranges: [[]] },
        range("10.1.0.0/31"),
        range("fd01::/127"),
        range("10.1.0.1/24"),
        range("10.1.0.0"),
        range("x"),
        range("10.1.0.0/24", "10.1.0.0/25"),
        { ranges: [[{ subnet: "10.1.0.0/24" }, { subnet: "10.1.0.128/25" }]] },
        { ranges: [[{ subnet: "10.1.0.0/24" }, { subnet: "fd01::/64" }]] },
        { subnet: "10.1.0.0/24", rangeStart: "10.2.0.1" },
        { subnet: "10.1.0.0/24", rangeEnd: "10.2.0.1" },
        { subnet: "10.1.0.0/24", rangeStart: "10.1.0.20", rangeEnd: "10.1.0.10" },
        { subnet: "10.1.0.0/24", gateway: "x" },
        { subnet: "10.1.0.0/24", gateway: "10.2.0.1" },
        { subnet: "10.1.0.0/24", routes: [{ dst: "x" }] },
        { subnet: 7 },
      ),
    ],
  },
  {
    name: "null and unknown keys",
    chain: conf({ subnet: "10.1.0.0/24", gateway: null, ranges: null, routes: null, else: { deep: 1 } }),
  },
];

await againstReference("host-local", cases);
