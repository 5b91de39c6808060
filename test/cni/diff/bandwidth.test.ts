import type { Case, CallStep, Conf } from "../case.ts";
import { againstReference } from "../against.ts";
import { v4 } from "./ipam.ts";

const chain = (more: Conf = {}): readonly Conf[] => [
  { type: "bridge", bridge: "br0", isGateway: true, ipam: v4 },
  { type: "bandwidth", capabilities: { bandwidth: true }, ...more },
];
const under = ["bandwidth"];
const needs = "ifb";
const add: CallStep = { call: "ADD" };
const both = { ingressRate: 8_000_000, ingressBurst: 8_000_000, egressRate: 16_000_000, egressBurst: 8_000_000 };
const one = (more: Conf): CallStep => ({
  call: "ADD",
  chain: [{ type: "bandwidth", ...more }],
  prevResult: { cniVersion: "1.0.0", interfaces: [] },
});

const cases: readonly Case[] = [
  { name: "both ways", under, needs, chain: chain(both) },
  { name: "to the container", under, chain: chain({ ingressRate: 8_000_000, ingressBurst: 8_000_000 }) },
  { name: "from the container", under, needs, chain: chain({ egressRate: 8_000_000, egressBurst: 8_000_000 }) },
  {
    name: "by the runtime",
    under,
    needs,
    chain: chain(),
    steps: (["ADD", "CHECK", "DEL"] as const).map((call) => ({ call, runtimeConfig: { bandwidth: both } })),
  },
  {
    name: "the configuration over the runtime",
    under,
    chain: chain({ ingressRate: 4_000_000, ingressBurst: 4_000_000 }),
    steps: (["ADD", "DEL"] as const).map((call) => ({ call, runtimeConfig: { bandwidth: both } })),
  },
  {
    name: "small and large",
    under,
    chain: chain({ ingressRate: 12_345, ingressBurst: 1_000_000 }),
    steps: [
      add,
      { call: "DEL" },
      { ...add, chain: chain({ ingressRate: 40_000_000_000, ingressBurst: 400_000_000 }), ifname: "eth1" },
    ],
  },
  { name: "nothing asked", under, chain: chain(), steps: [add, { call: "CHECK" }, { call: "DEL" }] },
  {
    name: "CHECK finds a discipline gone",
    under,
    chain: chain({ ingressRate: 8_000_000, ingressBurst: 8_000_000 }),
    steps: [
      add,
      { sh: "for v in $(ip -br link show type veth | sed 's/@.*//'); do tc qdisc del dev $v root; done" },
      { call: "CHECK" },
    ],
  },
  {
    name: "DEL without a namespace",
    under,
    needs,
    chain: chain(both),
    steps: [add, { call: "DEL", netns: "", chain: [{ type: "bandwidth", ...both }] }],
  },
  {
    name: "DEL before ADD, everywhere",
    under,
    chain: [{ type: "bandwidth", ...both }],
    steps: [{ call: "DEL" }, { call: "DEL", netns: "" }, { call: "DEL", netns: "gone" }],
  },
  {
    name: "faults",
    under,
    chain: chain(),
    steps: [
      one({ ingressRate: 1000 }),
      one({ ingressBurst: 1000 }),
      one({ egressRate: 1000 }),
      one({ ingressRate: -1, ingressBurst: 5 }),
      one({ ingressRate: 1.5, ingressBurst: 5 }),
      one({ ingressRate: 1000, ingressBurst: 40_000_000_000 }),
      one({ ingressRate: 1000, ingressBurst: 1000 }),
      { ...one({ ingressRate: 1000, ingressBurst: 1000 }), prevResult: false },
    ],
  },
  {
    name: "0.2.0",
    under,
    version: "0.2.0",
    chain: [{ type: "bandwidth" }],
    steps: [{ call: "ADD" }, { call: "VERSION" }],
  },
];

await againstReference("bandwidth", cases);
