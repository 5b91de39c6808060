import type { Case, CallStep, Conf } from "../case.ts";
import { againstReference } from "../against.ts";
import { dual, v4 } from "./ipam.ts";

const tap = (more: Conf = {}): readonly Conf[] => [{ type: "tap", ipam: v4, ...more }];
const add: CallStep = { call: "ADD" };
const rest = { needs: "tap" } as const;

const cases: readonly Case[] = [
  { name: "plain", chain: tap(), ...rest },
  { name: "two families", chain: tap({ ipam: dual }), ...rest, steps: [add, { call: "DEL" }] },
  { name: "layer 2", chain: [{ type: "tap" }], ...rest, steps: [add, { call: "DEL" }] },
  { name: "mtu", chain: tap({ mtu: 1400 }), ...rest, steps: [add, { call: "DEL" }] },
  { name: "mac", chain: tap({ mac: "02:00:00:00:00:77" }), ...rest },
  { name: "owner and group", chain: tap({ owner: 1000, group: 1001 }), ...rest },
  { name: "many queues", chain: tap({ multiQueue: true }), ...rest, steps: [add, { call: "DEL" }] },
  {
    name: "many queues with an owner",
    chain: tap({ multiQueue: true, owner: 1000, group: 1001 }),
    ...rest,
    steps: [add, { call: "DEL" }],
  },
  {
    name: "on a bridge of the container",
    chain: tap({ bridge: "br0" }),
    ...rest,
    before: ["ip -n a link add br0 type bridge; ip -n a link set br0 up"],
    steps: [add, { call: "DEL" }],
  },
  { name: "on a bridge that is not there", chain: tap({ bridge: "br0" }), ...rest, steps: [add, { call: "DEL" }] },
  {
    name: "DEL before ADD, everywhere",
    chain: tap(),
    steps: [{ call: "DEL" }, { call: "DEL", netns: "" }, { call: "DEL", netns: "gone" }],
  },
];

await againstReference("tap", cases);
