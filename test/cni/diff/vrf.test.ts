import type { Case, CallStep, Conf } from "../case.ts";
import { againstReference } from "../against.ts";
import { dual, v4 } from "./ipam.ts";

const chain = (more: Conf = {}, ipam: Conf = v4): readonly Conf[] => [
  { type: "bridge", bridge: "br0", isGateway: true, ipam },
  { type: "vrf", vrfname: "red", ...more },
];
const under = ["vrf"];
const add: CallStep = { call: "ADD" };

const cases: readonly Case[] = [
  { name: "plain", under, needs: "vrf", chain: chain() },
  { name: "two families", under, needs: "vrf", chain: chain({}, dual) },
  { name: "a table that is given", under, needs: "vrf", chain: chain({ table: 55 }) },
  {
    name: "two interfaces",
    under,
    needs: "vrf",
    chain: chain(),
    steps: [add, { call: "ADD", ifname: "eth1" }, { call: "DEL" }, { call: "DEL", ifname: "eth1" }],
  },
  {
    name: "another table",
    under,
    needs: "vrf",
    chain: chain({ table: 55 }),
    before: ["ip -n a link add red type vrf table 44"],
    steps: [add],
  },
  // What needs no such device of the kernel's.
  {
    name: "no name",
    under,
    chain: [{ type: "vrf" }],
    steps: [{ ...add, prevResult: { cniVersion: "1.0.0", interfaces: [{ name: "lo", sandbox: "/run/netns/a" }] } }],
  },
  {
    name: "DEL before ADD, everywhere",
    under,
    chain: [{ type: "vrf", vrfname: "red" }],
    steps: [{ call: "DEL" }, { call: "DEL", netns: "" }, { call: "DEL", netns: "gone" }],
  },
  {
    name: "0.3.0",
    under,
    version: "0.3.0",
    chain: [{ type: "vrf", vrfname: "red" }],
    steps: [add, { call: "VERSION" }],
  },
];

await againstReference("vrf", cases);
