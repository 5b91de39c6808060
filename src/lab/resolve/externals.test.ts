import { expect, test } from "bun:test";
import { refusal, topologyOf } from "./_trial.ts";

const externalsOf = (text: string) => topologyOf(text).externals;

const shown = (text: string): readonly string[] =>
  externalsOf(text).map(({ name, lan, uplinks }) =>
    [name, lan, uplinks.at(-1)?.dev, ...(uplinks.at(-1)?.addrs ?? [])].join(" "),
  );

test("by itself it is on the first LAN, which is there for it, with eth0 and the numbers from 100 on", () => {
  expect(shown("externals: [{name: a}, {name: b}, {name: c, number: 7}]")).toEqual([
    "a lan1 eth0 192.168.1.100/24 fd00:192:168:1::64/64",
    "b lan1 eth0 192.168.1.101/24 fd00:192:168:1::65/64",
    "c lan1 eth0 192.168.1.7/24 fd00:192:168:1::7/64",
  ]);
});

test("among pods its net is the network's, or 0, or its own", () => {
  const among = (net: string, own: string): readonly string[] =>
    shown(
      `addresses: {ipv4: 172.16.0.0/16/24, gatewayHost: none${net}}\nnetwork: {join: l2}\nexternals: [{name: a${own}}]`,
    );
  expect(among("", "")).toEqual(["a lan1 eth0 172.16.0.100/16"]);
  expect(among("", ", net: 3")).toEqual(["a lan1 eth0 172.16.3.100/16"]);
  expect(among(", net: 5", "")).toEqual(["a lan1 eth0 172.16.5.100/24"]);
});

test("on a VLAN its interface carries that of the VLAN", () => {
  const lans = "[{name: trunk}, {name: blue, vlan: 7, on: trunk, prefixes: 10.9.0.0/24}]";
  expect(shown(`underlay: {lans: ${lans}}\nexternals: [{name: a, lan: blue}]`)).toEqual([
    "a blue eth0.7 10.9.0.100/24",
  ]);
});

test("its gateway has to be a node there with an address that it can send to", () => {
  expect(refusal("externals: [{name: a, addresses: 10.9.0.7/24, gateway: vm-001}]")).toContain(
    "externals[0].gateway: node vm-001 has no address in 10.9.0.7/24 of external a (take another gateway)",
  );
  const [a] = externalsOf("externals: [{name: a, gateway: vm-001}]");
  expect<unknown>(a?.via).toEqual(["192.168.1.1", "fd00:192:168:1::1"]);
});
