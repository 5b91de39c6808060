import type { Case, CallStep, Conf } from "../case.ts";
import { againstReference } from "../against.ts";
import { dual, v4 } from "./ipam.ts";

/** The bridge is the reference's on both sides: what differs is portmap's doing. */
const chain = (more: Conf = {}, ipam: Conf = v4): readonly Conf[] => [
  { type: "bridge", bridge: "br0", isGateway: true, ipam },
  { type: "portmap", capabilities: { portMappings: true }, ...more },
];
const under = ["portmap"];
const tcp = { hostPort: 8080, containerPort: 80, protocol: "tcp" };
const udp = { hostPort: 8053, containerPort: 53, protocol: "udp" };
const mapped = (...portMappings: readonly Conf[]): readonly CallStep[] =>
  (["ADD", "CHECK", "DEL", "DEL"] as const).map((call) => ({ call, runtimeConfig: { portMappings } }));
const add: CallStep = { call: "ADD", runtimeConfig: { portMappings: [tcp] } };

const cases: readonly Case[] = [
  { name: "tcp", under, chain: chain(), steps: mapped(tcp) },
  { name: "tcp and udp", under, chain: chain(), steps: mapped(tcp, udp) },
  {
    name: "by nftables",
    under,
    chain: chain({ backend: "nftables" }),
    steps: mapped(tcp, { ...udp, hostIP: "192.0.2.9" }),
  },
  { name: "by nftables, two families", under, chain: chain({ backend: "nftables" }, dual), steps: mapped(tcp) },
  {
    name: "by iptables",
    under,
    chain: chain({ backend: "iptables" }),
    steps: mapped(tcp, { ...udp, hostIP: "192.0.2.9" }),
  },
  { name: "an address of the host's", under, chain: chain(), steps: mapped({ ...tcp, hostIP: "192.0.2.9" }) },
  { name: "any address", under, chain: chain(), steps: mapped({ ...tcp, hostIP: "0.0.0.0" }, { ...udp, hostIP: "" }) },
  { name: "an address of the other family", under, chain: chain(), steps: mapped({ ...tcp, hostIP: "2001:db8::9" }) },
  { name: "two families", under, chain: chain({}, dual), steps: mapped(tcp) },
  { name: "no snat", under, chain: chain({ snat: false }), steps: mapped(tcp) },
  { name: "masquerade all", under, chain: chain({ masqAll: true }), steps: mapped(tcp) },
  { name: "another bit for the mark", under, chain: chain({ markMasqBit: 14 }), steps: mapped(tcp) },
  {
    name: "conditions",
    under,
    chain: chain({ backend: "nftables", conditionsV4: ["ip", "saddr", "!=", "192.0.2.0/24"] }),
    steps: mapped(tcp),
  },
  {
    name: "conditions of iptables",
    under,
    chain: chain({ backend: "iptables", conditionsV4: ["!", "-s", "192.0.2.0/24"] }),
    steps: mapped(tcp),
  },
  {
    name: "keys as containerd writes them",
    under,
    chain: chain(),
    steps: mapped({ HostPort: 8080, ContainerPort: 80, Protocol: "tcp", HostIP: "" }),
  },
  { name: "nothing to map", under, chain: chain(), steps: [{ call: "ADD" }, { call: "CHECK" }, { call: "DEL" }] },
  { name: "DEL without the mappings", under, chain: chain(), steps: [add, { call: "DEL" }] },
  {
    name: "DEL without a namespace and result",
    under,
    chain: chain(),
    steps: [add, { ...add, call: "DEL", netns: "", prevResult: false }],
  },
  {
    name: "CHECK finds a rule gone",
    under,
    chain: chain(),
    steps: [add, { sh: "nft flush ruleset" }, { ...add, call: "CHECK" }],
  },
  {
    name: "faults",
    under,
    chain: chain(),
    steps: [
      { ...add, chain: [{ type: "portmap" }] },
      ...[
        { ...tcp, hostPort: 0 },
        { ...tcp, containerPort: 0 },
        { ...tcp, hostPort: 70000 },
        { ...tcp, protocol: "icmp" },
        { ...tcp, hostIP: "x" },
      ].map((mapping): CallStep => ({
        call: "ADD",
        chain: [{ type: "portmap" }],
        prevResult: {
          cniVersion: "1.0.0",
          interfaces: [{ name: "eth0", sandbox: "/run/netns/a" }],
          ips: [{ address: "10.7.0.2/24", interface: 0 }],
        },
        runtimeConfig: { portMappings: [mapping] },
      })),
      { ...add, chain: chain({ backend: "x" }), id: "c2", ifname: "eth2" },
      {
        ...add,
        chain: chain({ backend: "iptables", conditionsV4: ["ip", "saddr", "192.0.2.1"] }),
        id: "c3",
        ifname: "eth3",
      },
      { ...add, chain: chain({ markMasqBit: 32 }), id: "c4", ifname: "eth4" },
      { ...add, chain: chain({ markMasqBit: 4, externalSetMarkChain: "MINE" }), id: "c5", ifname: "eth5" },
    ],
  },
];

await againstReference("portmap", cases);
