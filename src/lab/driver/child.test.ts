import { expect, test } from "bun:test";

import { formatSummary, summarize, diff } from "../../change/index.ts";
import { parseLabText } from "../file/index.ts";
import { planWish } from "../plan.ts";
import { expectationOf } from "../reach.ts";
import { resolve } from "../resolve/index.ts";

const topologyOf = (text: string) => resolve(parseLabText(`name: x\n${text}`, "a.yaml"));

/** The plan of the node and of a pod, without fabric and cables. */
function planOf(driver: string): readonly string[] {
  const ops = diff(planWish(topologyOf(`nodes: 2\npods: 1\nnetwork: {driver: ${driver}}`)), new Map());
  const lines = formatSummary(summarize(ops, new Map()).lines).split("\n");
  const names = ["namespace x-vm-001 ", "namespace x-vm-001-ns01"];
  const starts = lines.flatMap((line, at) => (/ namespace /.test(line) ? [at] : []));
  return names.flatMap((name) => {
    const from = starts.find((at) => lines[at]?.includes(name)) ?? 0;
    const to = starts.find((at) => at > from) ?? lines.length;
    return lines.slice(from + 1, to).filter((line) => !/ veth | to create/.test(line));
  });
}

test("macvlan: the node is among its pods by a child of its own, and pods ask for everybody on the LAN", () => {
  expect(planOf("macvlan")).toEqual([
    "  +   macvlan macvlan-eth1 mode bridge 172.16.1.0/16 1000::1:ac10:100/112",
    "  +   macvlan eth0 mode bridge 172.16.1.1/16 1000::1:ac10:101/112",
    "  +   route default dev eth0",
    "  +   route ::/0 dev eth0",
  ]);
});

test("passthru: the pod's child alone", () => {
  expect(planOf("{kind: macvlan, mode: passthru}")).toEqual([
    "  +   macvlan eth0 mode passthru 172.16.1.1/16 1000::1:ac10:101/112",
    "  +   route default dev eth0",
    "  +   route ::/0 dev eth0",
  ]);
});

test("ipvlan l3: nodes route to the others' pods", () => {
  expect(planOf("{kind: ipvlan, mode: l3, flag: vepa}")).toEqual([
    "  +   ipvlan ipvlan-eth1 mode l3 vepa 172.16.1.0/24 1000::1:ac10:100/120",
    "  +   route 172.16.2.0/24 via 192.168.1.2 dev eth1 src 172.16.1.0",
    "  +   route 1000::1:ac10:200/120 via fd00:192:168:1::2 dev eth1 src 1000::1:ac10:100",
    "  +   ipvlan eth0 mode l3 vepa 172.16.1.1/24 1000::1:ac10:101/120",
    "  +   route default dev eth0",
    "  +   route ::/0 dev eth0",
  ]);
});

test("a child stands on the node's interface, and has a MAC address where it may choose", () => {
  const eth0 = (driver: string): unknown => {
    const wish = planWish(topologyOf(`pods: 1\nnetwork: {driver: ${driver}}`));
    return wish.namespaces.find(({ name }) => name === "x-vm-001-ns01")?.links[0]?.spec;
  };
  const base = { lower: "eth1", lowerNetns: "x-vm-001", mtu: 1500, addrGenMode: "none", up: true };
  expect(eth0("ipvlan")).toMatchObject({ ...base, kind: "ipvlan", data: { mode: "l2", flags: "bridge" } });
  expect(eth0("ipvlan")).not.toHaveProperty("mac");
  expect(eth0("{kind: macvlan, mode: passthru}")).not.toHaveProperty("mac");
  expect(eth0("macvlan")).toMatchObject({ ...base, kind: "macvlan", mac: expect.any(String) });
});

const l2 = ["ipvlan", "macvlan"];
const apart = ["private", "vepa"];
const all = "sibling other own others";

test.each([
  ["bridge", all],
  ...l2.map((kind) => [kind, all]),
  ["{kind: ipvlan, mode: l3}", all],
  ["{kind: ipvlan, mode: l3s}", all],
  ...apart.map((flag) => [`{kind: ipvlan, flag: ${flag}}`, "other others"]),
  ...apart.map((flag) => [`{kind: ipvlan, mode: l3, flag: ${flag}}`, "other others"]),
  ...apart.map((mode) => [`{kind: macvlan, mode: ${mode}}`, "other others"]),
] as [string, string][])("with %s reach: %s", (driver, reached) => {
  const topology = topologyOf(`nodes: 2\npods: 2\nnetwork: {driver: ${driver}}`);
  const judge = expectationOf(topology);
  const pairs = {
    sibling: ["vm-001-ns01", "vm-001-ns02"],
    other: ["vm-001-ns01", "vm-002-ns02"],
    own: ["vm-001", "vm-001-ns01"],
    others: ["vm-001", "vm-002-ns01"],
  };
  const found = Object.entries(pairs).flatMap(([name, [from = "", to = ""]]) => (judge(from, to) ? [name] : []));
  expect(found.join(" ")).toBe(reached);
});

test("in passthru pods reach each other, and no node reaches a pod", () => {
  const judge = expectationOf(topologyOf("nodes: 2\npods: 1\nnetwork: {driver: {kind: macvlan, mode: passthru}}"));
  expect(judge("vm-001-ns01", "vm-002-ns01")).toBe(true);
  expect([judge("vm-001", "vm-001-ns01"), judge("vm-001", "vm-002-ns01")]).toEqual([false, false]);
});

const mixed = (driver: string): string => `nodes: 2
underlay: {lans: [{name: blue, prefixes: 192.168.1.0/24}, {name: green, prefixes: 192.168.2.0/24}]}
externals: [{name: out, lan: blue, number: 100}]
networks:
  - {name: kids, pods: 1, driver: ${driver}, addresses: {ipv4: 172.16.0.0/16/24}}
  - {name: br1, pods: 1, join: {kind: routes, lan: blue}, addresses: {ipv4: 10.1.0.0/16/24}}`;

test("pods on a LAN's interface reach nobody by their node but those beyond that LAN", () => {
  const reached = (driver: string): readonly string[] => {
    const judge = expectationOf(topologyOf(mixed(driver)));
    const others = ["br1-vm-001-ns01", "br1-vm-002-ns01", "out"];
    return others.flatMap((other) => [
      ...(judge("kids-vm-001-ns01", other) ? [`to ${other}`] : []),
      ...(judge(other, "kids-vm-001-ns01") ? [`from ${other}`] : []),
    ]);
  };
  expect(reached("{kind: macvlan, lan: blue}")).toEqual(["to out", "from out"]);
  expect(reached("{kind: ipvlan, lan: blue, mode: l3}")).toEqual(["to br1-vm-002-ns01", "from br1-vm-002-ns01"]);
});

test("in passthru the node reaches nobody on that LAN, and others by the next one", () => {
  const judge = expectationOf(
    topologyOf(`nodes: 2
pods: 1
underlay: {lans: [{name: blue, prefixes: 192.168.1.0/24}, {name: green, prefixes: 192.168.2.0/24}]}
externals: [{name: on-blue, lan: blue, addresses: 192.168.1.100/24}, {name: on-green, lan: green}]
networks:
  - {name: kids, driver: {kind: macvlan, mode: passthru, lan: blue}}
  - {name: br1, join: {kind: vxlan, lan: green}, addresses: {ipv4: 10.1.0.0/16/24}}`),
  );
  expect([judge("vm-001", "on-blue"), judge("on-blue", "br1-vm-001-ns01")]).toEqual([false, false]);
  expect([judge("vm-001", "on-green"), judge("br1-vm-001-ns01", "br1-vm-002-ns01")]).toEqual([true, true]);
});

test("nodes that are not joined are on their own; what the file says comes last", () => {
  const lab = "nodes: 2\npods: 1\nnetwork: {driver: {kind: ipvlan, mode: l3}, join: none}";
  expect(expectationOf(topologyOf(lab))("vm-001-ns01", "vm-002-ns01")).toBe(false);
  const judge = expectationOf(
    topologyOf("network: {driver: {kind: macvlan, mode: private}}\nexpect: [{from: vm-001, to: '*', reach: yes}]"),
  );
  expect([judge("vm-001", "vm-001-ns01"), judge("vm-001-ns02", "vm-001-ns01")]).toEqual([true, false]);
});
