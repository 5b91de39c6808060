import { expect, test } from "bun:test";
import { load } from "../lab.ts";
import { refusal } from "./_trial.ts";

const [far, near] = ["{name: a, lans: [x]}", "{name: b, lans: [y]}"];
const twoLans = "underlay: {lans: [{name: x, prefixes: 10.9.0.0/24}, {name: y, prefixes: 10.10.0.0/24}]}";

/** What the file leaves out has a default, and is nowhere in it: the place is that of what does not go with it. */
test.each([
  ["nodes: [{name: a, number: 300}]", "2:27: nodes[0].number: the gateway of node a: net 300"],
  ["nodes: [{name: a, number: 300}]\naddresses: {ipv4: 172.16.0.0/16/24}", "2:27: nodes[0].number: the gateway of"],
  ["nodes: [a]\nnetwork: {join: none}\naddresses: {ipv4: 172.16.0.0/24/24}", "4:19: addresses.ipv4: the gateway of"],
  ["nodes: 300", "2:8: nodes: the gateway of node vm-256: net 256"],
  ["nodes: [{name: a, number: 3, pods: 300}]", "2:36: nodes[0].pods: pod a-ns255: host 255"],
  ["nodes: [a]\npods: [{name: x, node: a, number: 300}]", "3:35: pods[0].number: pod x: host 300"],
  ["nodes: 2\nnetwork: {driver: {kind: macvlan, mode: passthru}}", "3:19: network.driver: node vm-001 has 4 pods"],
  ["nodes: [a, a-ns01]\nnetwork: {join: none}", '2:9: nodes[0]: the name "a-ns01" of pod 1 of a is taken'],
  ["nodes: 2\nnetworks: [{name: n}, {name: n}]", '3:30: networks[1].name: the name "n-vm-001-ns01"'],
  [`nodes: [a${"b".repeat(60)}]`, '2:9: nodes[0]: the name "abb'],
  [`nodes: [${far}, ${near}]\n${twoLans}`, "2:47: nodes[1].lans: the nodes of the network are joined by vxlan"],
  ["nodes: [{name: a, addresses: {lan1: 192.168.1.2}}, b]", "2:52: nodes[1]: 192.168.1.2 of node b"],
  ["nodes: 2\nnetwork: {join: l2}\nexternals: [{name: o, number: 1, net: 1}]", "4:13: externals[0]: 172.16.1.1 of pod"],
  ["nodes: 2\nnetwork: {join: l2}\nexternals: [{name: o, net: 300}]", "4:28: externals[0].net: external o: net 300"],
])("%s", (text, says) => {
  const lines = refusal(text).split("\n");
  expect(lines.filter((line) => line.startsWith("a.yaml:1:1:"))).toEqual([]);
  expect(lines.filter((line) => line.startsWith(`a.yaml:${says}`))).not.toEqual([]);
});

test("a number that is written is to be another one, and a count smaller", () => {
  expect(refusal("nodes: [{name: a, number: 300}]")).toContain("(take another number, or a template with more room)");
  expect(refusal("nodes: 300")).toContain("(fewer nodes, or a larger second length)");
  expect(refusal("pods: 300")).toContain("(fewer pods per node, or a smaller second length)");
});

test("an object has the same places as a file, without lines", () => {
  expect(() => load({ name: "x", nodes: [{ name: "a", number: 300 }] })).toThrow(/^nodes\[0\]\.number: the gateway/);
});

test.each([
  ["that is nowhere", "{name: x, vlan: 7, on: z, prefixes: 10.9.0.0/24}"],
  ["that is one itself", "{name: x, vlan: 7, on: y, prefixes: 10.9.0.0/24}, {name: y, vlan: 8, on: x}"],
])("nodes that would be joined over a VLAN on a LAN %s", (_, lans) => {
  for (const join of ["vxlan", "ip6tnl", "routes", "l2"])
    expect(refusal(`nodes: 2\nnetwork: {join: ${join}}\nunderlay: {lans: [${lans}]}`)).toContain('VLAN x is on "');
});

test("a LAN cannot be named where there is none", () => {
  expect(refusal("nodes: [{name: a, lans: [z]}]")).toEndWith(
    "which is not there (the lab has none; give it an underlay)",
  );
});
