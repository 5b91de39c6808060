import type { Case, CallStep, Conf } from "../case.ts";
import { againstReference } from "../against.ts";
import { dual, v4 } from "./ipam.ts";

const vlan = (more: Conf = {}): readonly Conf[] => [{ type: "vlan", master: "wire", vlanId: 5, ipam: v4, ...more }];
const add: CallStep = { call: "ADD" };
const before = ["ip link add wire type veth peer name wirep; ip link set wire up; ip link set wirep up"];
const rest = { needs: "vlan", before } as const;

const cases: readonly Case[] = [
  { name: "plain", chain: vlan(), ...rest },
  { name: "two families", chain: vlan({ ipam: dual }), ...rest },
  { name: "mtu", chain: vlan({ mtu: 1400 }), ...rest, steps: [add, { call: "DEL" }] },
  {
    name: "master in the container",
    chain: vlan({ linkInContainer: true }),
    needs: "vlan",
    before: ["ip -n a link add wire type veth peer name wirep; ip -n a link set wire up"],
    steps: [add, { call: "DEL" }],
  },
  // What needs no such device of the kernel's.
  { name: "no such master", chain: vlan({ master: "nothing" }), steps: [add] },
  { name: "no master", chain: [{ type: "vlan", vlanId: 5, ipam: v4 }], steps: [add] },
  {
    name: "wrong numbers",
    chain: vlan(),
    before,
    steps: [
      { ...add, chain: vlan({ vlanId: 4095 }) },
      { ...add, chain: vlan({ vlanId: -1 }) },
      { ...add, chain: vlan({ mtu: 1600 }) },
    ],
  },
  { name: "no ipam", chain: [{ type: "vlan", master: "wire", vlanId: 5 }], before, steps: [add] },
  {
    name: "DEL before ADD, everywhere",
    chain: vlan(),
    before,
    steps: [{ call: "DEL" }, { call: "DEL", netns: "" }, { call: "DEL", netns: "gone" }],
  },
  { name: "DEL without the master", chain: vlan(), steps: [{ call: "DEL" }, { call: "DEL", netns: "" }] },
];

await againstReference("vlan", cases);
