import { expect, test } from "bun:test";
import type { Facts, LinkFact, NetnsFacts } from "../change/index.ts";
import { parseIfName } from "../values/index.ts";
import { overlayLab } from "./_fixture.ts";
import { statesOf } from "./states.ts";

const lab = overlayLab({ nodes: 1, pods: 1 });

test("everything is down while nothing exists", () => {
  expect([...statesOf(lab, new Map())]).toEqual([
    ["lan:lan", "down"],
    ["node:vm-001", "down"],
    ["bridge:vm-001", "down"],
    ["vtep:vm-001", "down"],
    ["pod:vm-001/vm-001-ns01", "down"],
  ]);
});

test("devices that are up with a carrier are up", () => {
  expect(new Set(statesOf(lab, facts()).values())).toEqual(new Set(["up"]));
});

test("an uplink without carrier takes its node down, and nothing else", () => {
  const states = statesOf(lab, facts({ eth1: { carrier: false } }));
  expect([...states].filter(([, state]) => state === "down")).toEqual([["node:vm-001", "down"]]);
});

test("a bridge needs no carrier, a pod does", () => {
  const states = statesOf(lab, facts({ cbr0: { carrier: false }, eth0: { carrier: false } }));
  expect(states.get("bridge:vm-001")).toBe("up");
  expect(states.get("pod:vm-001/vm-001-ns01")).toBe("down");
});

type Links = Readonly<Record<string, Partial<LinkFact>>>;

function facts(changes: Links = {}): Facts {
  return new Map([
    netns("overlay-fabric", ["lan"], changes),
    netns("overlay-vm-001", ["eth1", "flannel.1", "cbr0"], changes),
    netns("overlay-vm-001-ns01", ["eth0"], changes),
  ]);
}

function netns(name: string, devs: readonly string[], changes: Links): [string, NetnsFacts] {
  const links = devs.map((dev, at): LinkFact => {
    const link = { up: true, carrier: true, operState: "up", mtu: 1500, index: at + 2, addrs: [] };
    return { name: parseIfName(dev), ...link, ...changes[dev] };
  });
  return [name, { name, sysctls: {}, links, routes: [], rules: [], neighs: [], fdb: [] }];
}
