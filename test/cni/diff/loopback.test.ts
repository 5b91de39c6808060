import type { Case } from "../case.ts";
import { againstReference } from "../against.ts";

const chain = [{ type: "loopback" }];
const lo = { ifname: "lo" } as const;
const calls = [
  { call: "ADD", ...lo },
  { call: "CHECK", ...lo },
  { call: "DEL", ...lo },
  { call: "DEL", ...lo },
] as const;

const cases: readonly Case[] = [
  { name: "1.0.0", chain, steps: calls },
  { name: "1.1.0", chain, version: "1.1.0", steps: calls },
  { name: "0.4.0", chain, version: "0.4.0", steps: calls },
  { name: "0.3.1, as containerd asks", chain, version: "0.3.1", steps: [calls[0], calls[2], calls[3]] },
  { name: "0.2.0", chain, version: "0.2.0", steps: [calls[0], calls[2]] },
  { name: "another name for the interface", chain, steps: [{ call: "ADD" }, { call: "DEL" }] },
  { name: "CHECK of one that is down", chain, steps: [calls[0], { sh: "ip -n a link set lo down" }, calls[1]] },
  {
    name: "passes a result on",
    chain,
    steps: [{ ...calls[0], prevResult: { cniVersion: "1.0.0", ips: [{ address: "10.1.0.2/24" }] } }],
  },
  {
    name: "no such namespace",
    chain,
    steps: [
      { ...calls[0], netns: "gone" },
      { ...calls[2], netns: "gone" },
    ],
  },
  { name: "no namespace at DEL", chain, steps: [calls[0], { ...calls[2], netns: "" }] },
  { name: "not a namespace", chain, steps: [{ ...calls[0], netns: "/etc/hosts" }] },
];

await againstReference("loopback", cases);
