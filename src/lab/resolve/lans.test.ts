import { expect, test } from "bun:test";
import { refusal } from "./_trial.ts";

test.each([
  [
    "underlay: {prefixes: fd00::/64, mtu: 1279}",
    "a.yaml:2:38: underlay.mtu: MTU 1279 is too small for IPv6 on LAN lan1 (IPv6 needs 1280 (RFC 8200 section 5))",
  ],
  [
    "underlay: {lans: [{name: blue}, {name: blue}]}",
    'a.yaml:2:33: underlay.lans[1]: two LANs are named "blue" (give one another name)',
  ],
  [
    "underlay: {prefixes: 10.0.0.0/24, lans: [{name: blue}]}",
    'a.yaml:2:22: underlay.prefixes: give either "prefixes" (one LAN) or "lans", not both; move it into one of the "lans"',
  ],
  [
    "underlay: {prefixes: 10.0.0.0/24}\nnodes: [{name: a, number: 0}]",
    "a.yaml:2:22: underlay.prefixes: LAN lan1 10.0.0.0/24 has addresses for nodes 1 to 254, and a is number 0 (number nodes from 1)",
  ],
  [
    "underlay: {prefixes: fd00::/64}\nnodes: 1024\npods: 0\naddresses: {ipv6: 'fd01::/48/64'}",
    "a.yaml:3:8: nodes: LAN lan1 needs 1024 ports for the nodes, and a bridge has 1023 (fewer nodes, with more pods each)",
  ],
])("LANs that cannot be: %p", (text, message) => {
  expect(refusal(text).split("\n")[0]).toBe(message);
});

test("addresses that pods could not be told from: whole LANs count, link-local ones are each link's", () => {
  const two = (first: string, second: string): string =>
    refusal(`underlay: {lans: [{name: a, prefixes: ${first}}, {name: b, prefixes: ${second}}]}\nnetwork: {join: none}`);
  expect(two("10.0.0.0/8", "10.1.0.0/16")).toContain("overlaps 10.0.0.0/8 of LAN a");
  expect(two("link-local", "link-local")).toBe("accepted");
});
