import type { Case, CallStep, Conf } from "../case.ts";
import { againstReference } from "../against.ts";
import { dual, v4 } from "./ipam.ts";

const chain = (more: Conf = {}, ipam: Conf = v4): readonly Conf[] => [
  { type: "ptp", ipam },
  { type: "sbr", ...more },
];
const bridged = (more: Conf = {}, ipam: Conf = v4): readonly Conf[] => [
  { type: "bridge", bridge: "br0", isGateway: true, ipam },
  { type: "sbr", ...more },
];
const under = ["sbr"];
const add: CallStep = { call: "ADD" };

const cases: readonly Case[] = [
  { name: "behind ptp", under, chain: chain() },
  { name: "behind bridge", under, chain: bridged() },
  { name: "two families", under, chain: bridged({}, dual) },
  {
    name: "two interfaces",
    under,
    chain: bridged(),
    steps: [add, { call: "ADD", ifname: "eth1" }, { call: "DEL", ifname: "eth1" }, { call: "DEL" }],
  },
  {
    name: "two addresses",
    under,
    chain: chain({}, { type: "host-local", ranges: [[{ subnet: "10.7.0.0/24" }], [{ subnet: "10.8.0.0/24" }]] }),
    steps: [add, { call: "DEL" }],
  },
  { name: "a table that is given", under, chain: bridged({ table: 55 }) },
  {
    name: "a table that is in use",
    under,
    chain: bridged(),
    before: ["ip -n a rule add from 192.0.2.1 table 100"],
    steps: [add, { call: "DEL" }],
  },
  { name: "no result", under, chain: [{ type: "sbr" }], steps: [add] },
  {
    name: "no address",
    under,
    chain: [{ type: "sbr" }],
    steps: [{ ...add, prevResult: { cniVersion: "1.0.0", interfaces: [{ name: "eth0", sandbox: "/run/netns/a" }] } }],
  },
  { name: "DEL twice", under, chain: [{ type: "sbr" }], steps: [{ call: "DEL" }, { call: "DEL" }] },
  { name: "DEL without a namespace", under, chain: [{ type: "sbr" }], steps: [{ call: "DEL", netns: "" }] },
  {
    name: "DEL after the namespace is gone",
    under,
    chain: [{ type: "sbr" }],
    steps: [{ call: "DEL", netns: "/run/netns-gone" }],
  },
];

await againstReference("sbr", cases);
