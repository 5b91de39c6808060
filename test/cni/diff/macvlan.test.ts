import type { Case, CallStep, Conf } from "../case.ts";
import { againstReference } from "../against.ts";
import { dual, v4 } from "./ipam.ts";

const macvlan = (more: Conf = {}): readonly Conf[] => [{ type: "macvlan", master: "wire", ipam: v4, ...more }];
const add: CallStep = { call: "ADD" };
const before = [
  "ip link add wire type veth peer name wirep; ip link set wire up; ip link set wirep up; ip addr add 10.7.0.250/24 dev wire; ip route add default via 10.7.0.1 dev wire",
];
const rest = { needs: "macvlan", before } as const;

const cases: readonly Case[] = [
  { name: "plain", chain: macvlan(), ...rest },
  { name: "two families", chain: macvlan({ ipam: dual }), ...rest },
  {
    name: "layer 2",
    chain: [{ type: "macvlan", master: "wire" }],
    ...rest,
    steps: [add, { call: "DEL" }, { call: "DEL" }],
  },
  {
    name: "master of the default route",
    chain: [{ type: "macvlan", ipam: v4 }],
    ...rest,
    steps: [add, { call: "DEL" }],
  },
  { name: "no default route", chain: [{ type: "macvlan", ipam: v4 }], needs: "macvlan", steps: [add, { call: "DEL" }] },
  ...["private", "vepa", "bridge", "passthru"].map((mode) => ({
    name: `mode ${mode}`,
    chain: macvlan({ mode }),
    ...rest,
  })),
  { name: "mode of nonsense", chain: macvlan({ mode: "x" }), ...rest, steps: [add] },
  { name: "mtu", chain: macvlan({ mtu: 1400 }), ...rest, steps: [add, { call: "DEL" }] },
  {
    name: "mtu too large, and below none",
    chain: macvlan(),
    ...rest,
    steps: [
      { ...add, chain: macvlan({ mtu: 1600 }) },
      { ...add, chain: macvlan({ mtu: -1 }) },
    ],
  },
  { name: "mac", chain: macvlan({ mac: "02:00:00:00:00:77" }), ...rest },
  {
    name: "mac by CNI_ARGS and by runtimeConfig",
    chain: macvlan({ mac: "02:00:00:00:00:77" }),
    ...rest,
    steps: [
      { ...add, args: "IgnoreUnknown=1;MAC=02:00:00:00:00:78" },
      { call: "DEL" },
      { ...add, args: "IgnoreUnknown=1;MAC=02:00:00:00:00:78", runtimeConfig: { mac: "02:00:00:00:00:79" } },
      { call: "DEL" },
    ],
  },
  {
    name: "master in the container",
    chain: macvlan({ linkInContainer: true }),
    needs: "macvlan",
    before: ["ip -n a link add wire type veth peer name wirep; ip -n a link set wire up; ip -n a link set wirep up"],
  },
  { name: "broadcast queue", chain: macvlan({ bcqueuelen: 500 }), ...rest, steps: [add, { call: "DEL" }] },
  { name: "no such master", chain: macvlan({ master: "nothing" }), ...rest, steps: [add, { call: "DEL" }] },
  { name: "dns", chain: macvlan({ dns: { nameservers: ["192.0.2.53"] } }), ...rest, steps: [add, { call: "DEL" }] },
  { name: "no address", chain: macvlan({ ipam: { type: "static" } }), ...rest, steps: [add, { call: "DEL" }] },
  { name: "result of 0.3.1", version: "0.3.1", chain: macvlan(), ...rest, steps: [add, { call: "DEL" }] },
  {
    name: "result of 1.1.0",
    version: "1.1.0",
    chain: macvlan(),
    ...rest,
    steps: [add, { call: "STATUS" }, { call: "DEL" }],
  },
  {
    name: "CHECK finds what was changed",
    chain: macvlan(),
    ...rest,
    steps: [
      add,
      { sh: "ip -n a route del default" },
      { call: "CHECK" },
      { sh: "ip -n a link set eth0 address 02:00:00:00:00:99" },
      { call: "CHECK" },
    ],
  },
  {
    name: "DEL before ADD, everywhere",
    chain: macvlan(),
    ...rest,
    steps: [{ call: "DEL" }, { call: "DEL", netns: "" }, { call: "DEL", netns: "gone" }],
  },
  {
    name: "DEL after the master is gone",
    chain: macvlan(),
    ...rest,
    steps: [add, { sh: "ip link del wire" }, { call: "DEL" }],
  },
  {
    name: "ADD over a device of that name",
    chain: macvlan(),
    needs: "macvlan",
    before: [...before, "ip -n a link add eth0 type bridge"],
    steps: [add, { call: "DEL" }],
  },
];

await againstReference("macvlan", cases);
