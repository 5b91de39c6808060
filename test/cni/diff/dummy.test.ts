import type { Case } from "../case.ts";
import { againstReference } from "../against.ts";
import { dual, v4 } from "./ipam.ts";

const chain = [{ type: "dummy", ipam: v4 }];
const cases: readonly Case[] = [
  { name: "plain", needs: "dummy", chain },
  { name: "two families", needs: "dummy", chain: [{ type: "dummy", ipam: dual }] },
  {
    name: "CHECK of one that is down",
    needs: "dummy",
    chain,
    steps: [{ call: "ADD" }, { sh: "ip -n a link set eth0 down" }, { call: "CHECK" }],
  },
  // What needs no such device of the kernel's.
  { name: "no ipam", chain: [{ type: "dummy" }], steps: [{ call: "ADD" }] },
  {
    name: "no address",
    chain: [{ type: "dummy", ipam: { type: "static" } }],
    steps: [{ call: "ADD" }, { call: "DEL" }],
  },
  {
    name: "DEL before ADD, everywhere",
    chain,
    steps: [{ call: "DEL" }, { call: "DEL", netns: "" }, { call: "DEL", netns: "gone" }],
  },
];

await againstReference("dummy", cases);
