import type { Case, CallStep, Conf } from "../case.ts";
import { againstReference } from "../against.ts";
import { dual, v4 } from "./ipam.ts";

const chain = (more: Conf = {}, ipam: Conf = v4): readonly Conf[] => [
  { type: "bridge", bridge: "br0", isGateway: true, ipam },
  { type: "firewall", ...more },
];
const under = ["firewall"];
const add: CallStep = { call: "ADD" };

const cases: readonly Case[] = [
  { name: "plain", under, chain: chain() },
  { name: "two families", under, chain: chain({}, dual) },
  { name: "by iptables", under, chain: chain({ backend: "iptables" }) },
  { name: "same bridge", under, chain: chain({ ingressPolicy: "same-bridge" }) },
  { name: "isolated", under, chain: chain({ ingressPolicy: "isolated" }) },
  { name: "open", under, chain: chain({ ingressPolicy: "open" }), steps: [add, { call: "DEL" }] },
  {
    name: "another chain for the administrator",
    under,
    chain: chain({ iptablesAdminChainName: "MY-ADMIN" }),
    steps: [add, { call: "DEL" }],
  },
  {
    name: "CHECK finds a rule gone",
    under,
    chain: chain(),
    steps: [add, { sh: "nft flush ruleset" }, { call: "CHECK" }],
  },
  { name: "DEL without a namespace", under, chain: chain(), steps: [add, { call: "DEL", netns: "" }] },
  { name: "DEL without a result", under, chain: chain(), steps: [add, { call: "DEL", prevResult: false }] },
  {
    name: "DEL before ADD, everywhere",
    under,
    chain: [{ type: "firewall" }],
    steps: [{ call: "DEL" }, { call: "DEL", netns: "" }, { call: "DEL", netns: "gone" }],
  },
  {
    name: "faults",
    under,
    chain: chain(),
    steps: [
      { ...add, chain: chain({ backend: "x" }) },
      { ...add, chain: chain({ ingressPolicy: "x" }), id: "c2", ifname: "eth2" },
      { ...add, chain: [{ type: "firewall" }] },
    ],
  },
  { name: "0.3.1", under, version: "0.3.1", chain: [{ type: "firewall" }], steps: [add, { call: "VERSION" }] },
];

await againstReference("firewall", cases);
