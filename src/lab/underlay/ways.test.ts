import { expect, test } from "bun:test";
import { parseLabText } from "../file/index.ts";
import { resolve } from "../resolve/index.ts";
import { type Hop, waysOf } from "./ways.ts";

const chain = `
name: x
nodes:
  - {name: a, lans: [one]}
  - {name: r, lans: [one, two]}
  - {name: s, lans: [one, two, three]}
  - {name: b, lans: [three]}
  - {name: alone, lans: [far]}
underlay:
  lans:
    - {name: one, prefixes: [10.0.1.0/24, "fd00:1::/64"]}
    - {name: two, prefixes: 10.0.2.0/24}
    - {name: three, prefixes: "fd00:3::/64"}
    - {name: far, prefixes: 10.0.9.0/24}
network: {join: none}
`;
const { nodes, lans } = resolve(parseLabText(chain, "a.yaml"));
const ways = waysOf(nodes, lans);
const shown = (hop: Hop | undefined): string => (hop === undefined ? "none" : `${hop.via} ${hop.dev}`);

test("the first step of the shortest way, in each family", () => {
  expect(shown(ways.toNode("a", "s", 4))).toBe("10.0.1.3 eth1");
  expect(shown(ways.toNode("a", "b", 6))).toBe("fd00:1::3 eth1");
  expect(shown(ways.toNode("r", "b", 6))).toBe("fd00:1::3 eth1");
  expect(shown(ways.toNode("b", "a", 6))).toBe("fd00:3::3 eth1");
});

test("IPv4 goes on by IPv6 next hops, IPv6 never by IPv4 ones", () => {
  expect(shown(ways.toNode("b", "r", 4))).toBe("fd00:3::3 eth1");
  expect(shown(ways.toNode("s", "b", 4))).toBe("fd00:3::4 eth3");
});

test("nobody leads to who is alone, nor from it, nor to oneself", () => {
  expect([ways.toNode("a", "alone", 4), ways.toNode("alone", "a", 4), ways.toNode("a", "a", 4)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("to every LAN with addresses that a node has none on", () => {
  const to = (name: string): readonly string[] => ways.toLans(name).map(({ dst, ...hop }) => `${dst} ${shown(hop)}`);
  expect(to("a")).toEqual(["10.0.2.0/24 10.0.1.2 eth1", "fd00:3::/64 fd00:1::3 eth1"]);
  expect(to("b")).toEqual(["10.0.1.0/24 fd00:3::3 eth1", "fd00:1::/64 fd00:3::3 eth1", "10.0.2.0/24 fd00:3::3 eth1"]);
  expect(to("alone")).toEqual([]);
});

test("a thousand nodes on one LAN are neighbours", () => {
  const many = resolve(
    parseLabText(
      "name: x\nnodes: 1000\npods: 0\naddresses: {ipv4: 10.0.0.0/8/24}\nunderlay: {prefixes: 192.168.0.0/16}\nnetwork: {join: none}",
      "a.yaml",
    ),
  );
  expect(shown(waysOf(many.nodes, many.lans).toNode("vm-001", "vm-1000", 4))).toBe("192.168.3.232 eth1");
});
