import { describe, expect, test } from "bun:test";
import type { Addr, LinkState } from "../../rtnl/index.ts";
import { areComingUp } from "./pending.ts";

type Listed = Pick<Addr, "index" | "scope" | "flags">;
type AddrFlag = Listed["flags"][number];

const link = (index: number, more: Partial<LinkState> = {}): LinkState => ({
  index,
  up: true,
  carrier: true,
  operState: "up",
  carrierChanges: 2,
  addrGenMode: "none",
  ...more,
});
const loopback = link(1, { operState: "unknown", carrierChanges: 0, addrGenMode: "eui64" });
const port = (index: number, state: "disabled" | "forwarding", more: Partial<LinkState> = {}): LinkState =>
  link(index, { master: 2, port: { state }, ...more });

const none = () => [];
const linkLocal = (index: number, ...flags: readonly AddrFlag[]): Listed => ({ index, scope: "link", flags });

/** As Linux 6.18 showed them, one after the other, while a bridge with a MAC address of its own got its first port. */
describe("a bridge and its port", () => {
  const unseen = { operState: "unknown" } as const;
  const own = link(2, { addrGenMode: "eui64" });
  const steps: readonly (readonly [string, boolean, readonly LinkState[], readonly Listed[]])[] = [
    ["neither was seen", true, [own, port(4, "forwarding", unseen)], []],
    ["the bridge was not seen", true, [{ ...own, ...unseen }, port(4, "forwarding")], []],
    ["its address is tentative", true, [{ ...own, ...unseen }, port(4, "forwarding")], [linkLocal(2, "tentative")]],
    ["its address works", false, [{ ...own, ...unseen }, port(4, "forwarding")], [linkLocal(2)]],
    [
      "the port was seen without its carrier",
      true,
      [{ ...own, carrier: false }, port(4, "disabled", { operState: "down" })],
      [],
    ],
    ["the dump is of before and after", true, [{ ...own, carrier: false }, port(4, "forwarding")], []],
    ["the bridge was seen without its carrier", true, [{ ...own, operState: "down" }, port(4, "forwarding")], []],
    ["both were seen", false, [own, port(4, "forwarding")], [linkLocal(2)]],
  ];
  test.each(steps)("%s", (_, pending, links, addrs) => {
    expect(areComingUp([loopback, ...links], () => addrs)).toBe(pending);
  });
});

test("a bridge that has no address passes frames on before it was seen", () => {
  const links = [loopback, link(2, { operState: "unknown" }), port(4, "forwarding")];
  expect(areComingUp(links, none)).toBe(false);
  expect(areComingUp(links, () => [{ index: 2, scope: "universe", flags: ["permanent"] }])).toBe(true);
});

test("what has no carrier to wait for is as up as it will be", () => {
  expect(areComingUp([loopback, link(5, { carrier: false, operState: "lowerlayerdown" })], none)).toBe(false);
  expect(areComingUp([loopback, link(5, { up: false, operState: "down" })], none)).toBe(false);
  expect(areComingUp([link(2, { carrier: false, operState: "down" }), port(4, "disabled")], none)).toBe(false);
});
