import { describe, expect, test } from "bun:test";
import type { LinkState } from "../../rtnl/index.ts";
import { areComingUp } from "./pending.ts";

const link = (index: number, more: Partial<LinkState> = {}): LinkState => ({
  index,
  up: true,
  carrier: true,
  operState: "up",
  carrierChanges: 2,
  ...more,
});
const port = (index: number, state: "disabled" | "forwarding", more: Partial<LinkState> = {}): LinkState =>
  link(index, { master: 2, port: { state }, ...more });

/** As Linux 6.18 showed them, one after the other, while a bridge with a MAC address of its own got its first port. */
describe("a bridge and its port", () => {
  const bridge = 2;
  const steps: readonly (readonly [string, boolean, readonly LinkState[]])[] = [
    [
      "neither was looked at",
      true,
      [link(bridge, { operState: "unknown" }), port(4, "forwarding", { operState: "unknown" })],
    ],
    [
      "the port was seen without its carrier",
      true,
      [link(bridge, { carrier: false }), port(4, "disabled", { operState: "down" })],
    ],
    ["the dump is of before and after", true, [link(bridge, { carrier: false }), port(4, "forwarding")]],
    ["the bridge waits", true, [link(bridge, { operState: "down" }), port(4, "forwarding")]],
    ["both work", false, [link(bridge), port(4, "forwarding")]],
  ];
  test.each(steps)("%s", (_, pending, links) => expect(areComingUp(links)).toBe(pending));
});

test("what has no carrier to wait for is as up as it will be", () => {
  expect(areComingUp([link(1, { operState: "unknown", carrierChanges: 0 })])).toBe(false);
  expect(areComingUp([link(5, { carrier: false, operState: "lowerlayerdown" })])).toBe(false);
  expect(areComingUp([link(5, { up: false, operState: "down" })])).toBe(false);
  expect(areComingUp([link(2, { carrier: false, operState: "down" }), port(4, "disabled")])).toBe(false);
});
