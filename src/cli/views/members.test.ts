import { expect, test } from "bun:test";
import type { Mtus } from "../../lab/topology.ts";
import { mtuLines } from "./members.ts";

const both = (bytes: number, because: string): Mtus => ({ ipv4: { bytes, because }, ipv6: { bytes, because } });
const linesOf = (...mtus: readonly Mtus[]): readonly string[] =>
  mtuLines({ networks: mtus.map((mtu, at) => ({ name: `n${at}`, mtu })) });

test("what pods may send is one line, by family where they differ", () => {
  expect(linesOf(both(1430, "1500 underlay - 70 vxlan over IPv6"))).toEqual([
    "MTU: 1430 bytes (1500 underlay - 70 vxlan over IPv6)",
  ]);
  expect(linesOf({ ipv4: { bytes: 1450, because: "a" }, ipv6: { bytes: 1430, because: "b" } })).toEqual([
    "MTU: IPv4 1450 bytes (a), IPv6 1430 bytes (b)",
  ]);
  expect(linesOf({ ipv6: { bytes: 1430, because: "b" } })).toEqual(["MTU: IPv6 1430 bytes (b)"]);
});

test("networks that agree share a line, others have their own", () => {
  expect(linesOf(both(1500, "a"), both(1500, "a"))).toEqual(["MTU: 1500 bytes (a)"]);
  expect(linesOf(both(1500, "a"), both(9000, "b"), both(1500, "a"))).toEqual([
    "MTU of n0, n2: 1500 bytes (a)",
    "MTU of n1: 9000 bytes (b)",
  ]);
});
