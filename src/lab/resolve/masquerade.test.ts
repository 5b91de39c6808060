import { expect, test } from "bun:test";
import { networkOf, refusal } from "./_trial.ts";

const byNode = "network: {join: none, masquerade: true}\n";

test.each([
  [
    "no LAN at all",
    byNode,
    "a.yaml:2:35: network.masquerade: the lab has no LAN, so nothing of its pods leaves a node (give the lab an underlay, which may be {}, or leave masquerade out)",
  ],
  [
    "pods without a gateway",
    `${byNode}underlay: {}\naddresses: {ipv4: 172.16.0.0/16/24, gatewayHost: none}`,
    "a.yaml:2:35: network.masquerade: the pods have no gateway, so they send nothing over a LAN (give addresses a gatewayHost, or leave masquerade out)",
  ],
  [
    "a LAN without addresses",
    `${byNode}underlay: {lans: [{name: bare}]}`,
    "a.yaml:2:35: network.masquerade: no node of the network has an address on a LAN of a family that its pods have, so there is none to leave with (give a LAN that they are on a prefix of that family, or leave masquerade out)",
  ],
  [
    "a LAN of the other family",
    `${byNode}underlay: {prefixes: 10.0.0.0/24}\naddresses: {ipv6: fd00:1::/48/64}`,
    "to leave with",
  ],
  ["no node on a LAN", `${byNode}nodes: [{name: a, lans: []}]\nunderlay: {}`, "to leave with"],
])("with %s it does nothing", (_, text, says) => expect(refusal(text)).toContain(says));

test.each([
  [`${byNode}underlay: {}`],
  [`${byNode}nodes: 2\nunderlay: {prefixes: 10.0.0.0/24}`],
  [`${byNode}nodes: [{name: a, lans: []}, b]\nunderlay: {}`],
  ["nodes: 2\nnetwork: {masquerade: true}"],
  ["externals: [{name: e}]\nnetwork: {join: none, masquerade: true}"],
  ["network: {driver: {kind: ipvlan, mode: l3}, masquerade: true}"],
  [
    `underlay: {}\nnetwork: {driver: cni, join: none, masquerade: true, cni: {conflist: {cniVersion: 1.0.0, name: n, plugins: [{type: bridge}]}}}`,
  ],
])("it is taken where it does something: %s", (text) => expect(networkOf(text).masquerade).toBe(true));
