import { expect, test } from "bun:test";
import type { LinkFact } from "../change/index.ts";
import { parseIfName } from "../values/index.ts";
import { OWNER } from "./owner.ts";
import { planVeth } from "./veth.ts";

const pod = parseIfName("vm-001-ns01");
const eth0 = parseIfName("eth0");
const end = (name: typeof pod, index: number, peerIndex: number, more: Partial<LinkFact> = {}): LinkFact => ({
  name,
  kind: "veth",
  index,
  peerIndex,
  up: true,
  carrier: true,
  operState: "up",
  mtu: 1500,
  addrGenMode: "none",
  addrs: [],
  ...more,
});
const outer = end(pod, 7, 2, { alias: OWNER });
const inner = end(eth0, 2, 7);

test("nothing there: it is made; both ends as they shall be: nothing", () => {
  expect(planVeth(pod, eth0, {}, undefined)).toBe("add");
  expect(planVeth(pod, eth0, { outer, inner }, undefined)).toEqual([]);
  expect(planVeth(pod, eth0, { outer, inner }, 1500)).toEqual([]);
});

test("a pair that was left half-made is completed", () => {
  const { alias: _, ...bare } = { ...outer, up: false, addrGenMode: "eui64" } as const;
  expect(planVeth(pod, eth0, { outer: bare, inner: { ...inner, mtu: 9000 } }, 1500)).toEqual([
    {
      do: "link.set",
      netns: "node",
      name: pod,
      set: { alias: OWNER, addrGenMode: "none", up: true },
      was: { alias: "", addrGenMode: "eui64", up: false },
    },
    { do: "link.set", netns: pod, name: eth0, set: { mtu: 1500 }, was: { mtu: 9000 } },
  ]);
});

test.each([
  [{ outer }, /this node has a veth vm-001-ns01, and they/],
  [{ inner }, /the pod has a veth eth0/],
  [{ outer: { ...outer, kind: "bridge" }, inner }, /a bridge vm-001-ns01 and the pod has a veth eth0/],
  [{ outer, inner: { ...inner, peerIndex: 8 } }, /not the two ends of one pair/],
])("what is in the way is named", (facts, words) => {
  expect(() => planVeth(pod, eth0, facts, undefined)).toThrow(words);
});
