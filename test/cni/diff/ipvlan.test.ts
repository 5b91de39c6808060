import type { Case, CallStep, Conf } from "../case.ts";
import { againstReference } from "../against.ts";
import { dual, v4 } from "./ipam.ts";

const ipvlan = (more: Conf = {}): readonly Conf[] => [{ type: "ipvlan", master: "wire", ipam: v4, ...more }];
const add: CallStep = { call: "ADD" };
const before = ["ip link add wire type veth peer name wirep; ip link set wire up; ip link set wirep up"];
const rest = { needs: "ipvlan", before } as const;

const cases: readonly Case[] = [
  ...["l2", "l3", "l3s"].map((mode) => ({ name: `mode ${mode}`, chain: ipvlan({ mode }), ...rest })),
  { name: "two families", chain: ipvlan({ ipam: dual }), ...rest },
  { name: "mtu", chain: ipvlan({ mtu: 1400 }), ...rest, steps: [add, { call: "DEL" }] },
  {
    name: "master in the container",
    chain: ipvlan({ linkInContainer: true }),
    needs: "ipvlan",
    before: ["ip -n a link add wire type veth peer name wirep; ip -n a link set wire up"],
    steps: [add, { call: "DEL" }],
  },
  // What needs no such device of the kernel's.
  { name: "no such master", chain: ipvlan({ master: "nothing" }), steps: [add] },
  { name: "mode of nonsense", chain: ipvlan({ mode: "x" }), before, steps: [add] },
  { name: "mtu too large", chain: ipvlan({ mtu: 1600 }), before, steps: [add] },
  {
    name: "DEL before ADD, everywhere",
    chain: ipvlan(),
    before,
    steps: [{ call: "DEL" }, { call: "DEL", netns: "" }, { call: "DEL", netns: "gone" }],
  },
  {
    name: "DEL without a master",
    chain: [{ type: "ipvlan", ipam: v4 }],
    steps: [{ call: "DEL" }, { call: "DEL", netns: "" }, { call: "DEL", netns: "gone" }],
  },
];

await againstReference("ipvlan", cases);
