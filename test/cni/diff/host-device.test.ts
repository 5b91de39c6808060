import type { Case, CallStep, Conf } from "../case.ts";
import { againstReference } from "../against.ts";
import { dual, v4 } from "./ipam.ts";

const device = (more: Conf = {}): readonly Conf[] => [{ type: "host-device", device: "wire", ipam: v4, ...more }];
const add: CallStep = { call: "ADD" };
const before = ["ip link add wire address 02:00:00:00:00:55 type veth peer name wirep; ip link set wirep up"];

const cases: readonly Case[] = [
  { name: "by name", chain: device(), before },
  { name: "two families", chain: device({ ipam: dual }), before, steps: [add, { call: "DEL" }] },
  {
    name: "by hardware address",
    chain: [{ type: "host-device", hwaddr: "02:00:00:00:00:55", ipam: v4 }],
    before,
    steps: [add, { call: "CHECK" }, { call: "DEL" }],
  },
  { name: "without ipam", chain: [{ type: "host-device", device: "wire" }], before, steps: [add, { call: "DEL" }] },
  {
    name: "one that was up",
    chain: device(),
    before: [...before, "ip link set wire up"],
    steps: [add, { call: "DEL" }],
  },
  {
    name: "one with an address",
    chain: device(),
    before: [...before, "ip link set wire up; ip addr add 192.0.2.7/24 dev wire"],
    steps: [add, { call: "DEL" }],
  },
  {
    name: "under its own name",
    chain: device(),
    before,
    steps: [
      { ...add, ifname: "wire" },
      { call: "DEL", ifname: "wire" },
    ],
  },
  {
    name: "a name that is taken",
    chain: device(),
    before: [...before, "ip -n a link add eth0 type bridge"],
    steps: [add, { call: "DEL" }],
  },
  ...["wired", "a-name-that-is-longer"].map((name): Case => ({
    name: `by an alternative name, ${name}`,
    chain: device({ device: name }),
    before: [...before, `ip link property add dev wire altname ${name}`],
    steps: [add, { call: "CHECK" }, { call: "DEL" }],
  })),
  { name: "an alternative name of none", chain: device({ device: "no-such-name-anywhere" }), steps: [add] },
  { name: "no such device", chain: device({ device: "nothing" }), steps: [add] },
  { name: "nothing said", chain: [{ type: "host-device", ipam: v4 }], steps: [add] },
  { name: "DEL twice", chain: device(), before, steps: [add, { call: "DEL" }, { call: "DEL" }] },
  { name: "DEL without a namespace", chain: device(), before, steps: [add, { call: "DEL", netns: "" }] },
  {
    name: "DEL before ADD, everywhere",
    chain: device(),
    before,
    steps: [{ call: "DEL" }, { call: "DEL", netns: "" }, { call: "DEL", netns: "gone" }],
  },
];

await againstReference("host-device", cases);
