import type { Case, CallStep, Conf } from "../case.ts";
import { againstReference } from "../against.ts";
import { dual, fixed, v4, v6 } from "./ipam.ts";

const ptp = (more: Conf = {}): readonly Conf[] => [{ type: "ptp", ipam: v4, ...more }];
const add: CallStep = { call: "ADD" };

const cases: readonly Case[] = [
  { name: "plain", chain: ptp() },
  { name: "two families", chain: ptp({ ipam: dual }) },
  { name: "IPv6 only", chain: ptp({ ipam: v6 }) },
  { name: "mtu", chain: ptp({ mtu: 1400 }) },
  {
    name: "two containers",
    chain: ptp(),
    before: ["ip netns add b"],
    steps: [add, { call: "ADD", id: "c2", netns: "b" }, { call: "DEL" }],
  },
  { name: "masquerade", chain: ptp({ ipMasq: true }) },
  { name: "masquerade by nftables", chain: ptp({ ipMasq: true, ipMasqBackend: "nftables", ipam: dual }) },
  { name: "masquerade by nothing known", chain: ptp({ ipMasq: true, ipMasqBackend: "x" }), steps: [add] },
  { name: "dns", chain: ptp({ dns: { nameservers: ["192.0.2.53"] } }), steps: [add, { call: "DEL" }] },
  {
    name: "static address",
    chain: ptp({ ipam: fixed([{ address: "10.7.0.9/24", gateway: "10.7.0.1" }], [{ dst: "0.0.0.0/0" }]) }),
  },
  {
    name: "route with its own gateway",
    chain: ptp({
      ipam: fixed([{ address: "10.7.0.9/24", gateway: "10.7.0.1" }], [{ dst: "192.0.2.0/24", gw: "10.7.0.1" }]),
    }),
    steps: [add, { call: "DEL" }],
  },
  { name: "no address", chain: ptp({ ipam: fixed([]) }), steps: [add, { call: "DEL" }] },
  { name: "no ipam", chain: [{ type: "ptp" }], steps: [add, { call: "DEL" }] },
  { name: "result of 0.2.0", version: "0.2.0", chain: ptp({ ipam: dual }), steps: [add, { call: "DEL" }] },
  { name: "result of 1.1.0", version: "1.1.0", chain: ptp(), steps: [add, { call: "STATUS" }, { call: "DEL" }] },
  {
    name: "CHECK finds what was changed",
    chain: ptp(),
    steps: [
      add,
      { sh: "ip -n a route del default" },
      { call: "CHECK" },
      { sh: "ip -n a addr flush dev eth0" },
      { call: "CHECK" },
    ],
  },
  {
    name: "DEL before ADD, everywhere",
    chain: ptp(),
    steps: [{ call: "DEL" }, { call: "DEL", netns: "" }, { call: "DEL", netns: "gone" }],
  },
  {
    name: "DEL without a namespace",
    chain: ptp({ ipMasq: true }),
    steps: [add, { call: "DEL", netns: "" }, { call: "DEL" }],
  },
  {
    name: "ADD over a device of that name",
    chain: ptp(),
    before: ["ip -n a link add eth0 type bridge"],
    steps: [add, { call: "DEL" }],
  },
];

await againstReference("ptp", cases);
