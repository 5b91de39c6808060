import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type Ip, parseIp } from "../values/index.ts";
import { checkSets, familyOfSet, nextFree, printSet, rangeWith, sizeOf } from "./pool.ts";
import { type RangeSet, type RangeText, readRange } from "./range.ts";

const set = (...texts: readonly RangeText[]) => texts.map((text, i) => readRange(text, `[${i}]`));
const v4 = (rangeStart: string, rangeEnd: string, gateway = "10.0.0.1") => ({
  subnet: "10.0.0.0/24",
  rangeStart,
  rangeEnd,
  gateway,
});

/** The order in which a set's addresses are asked for. */
const walk = (ranges: RangeSet, last?: Ip): Ip[] => {
  const ips: Ip[] = [];
  nextFree(ranges, last, (ip) => ips.push(ip) === 0);
  return ips;
};

describe("the next free address", () => {
  const two = set(v4("10.0.0.1", "10.0.0.3"), v4("10.0.0.8", "10.0.0.10", "10.0.0.9"));
  const from = (last?: string): string[] => walk(two, last === undefined ? undefined : parseIp(last));

  test("goes through all ranges without their gateways", () => {
    expect(from()).toEqual(["10.0.0.2", "10.0.0.3", "10.0.0.8", "10.0.0.10"]);
  });
  test("begins after the last one and ends with it", () => {
    expect(from("10.0.0.2")).toEqual(["10.0.0.3", "10.0.0.8", "10.0.0.10", "10.0.0.2"]);
    expect(from("10.0.0.3")).toEqual(["10.0.0.8", "10.0.0.10", "10.0.0.2", "10.0.0.3"]);
    expect(from("10.0.0.10")).toEqual(["10.0.0.2", "10.0.0.3", "10.0.0.8", "10.0.0.10"]);
  });
  test("does not mind a last one that is a gateway or lies elsewhere", () => {
    expect(from("10.0.0.9")).toEqual(["10.0.0.10", "10.0.0.2", "10.0.0.3", "10.0.0.8"]);
    expect(from("10.0.0.5")).toEqual(from());
    expect(from("fd00::1")).toEqual(from());
  });
  test("ends at the highest address there is", () => {
    const top = set({ subnet: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffc/126" });
    expect(walk(top).map((ip) => ip.slice(-1))).toEqual(["e", "f"]);
  });
  test("visits each address of any set once, and as many as sizeOf says", () => {
    fc.assert(
      fc.property(anySet(), fc.nat(255), (ranges, last) => {
        const ips = walk(ranges, parseIp(`10.0.0.${last}`));
        expect(new Set(ips).size).toBe(ips.length);
        expect(BigInt(ips.length)).toBe(sizeOf(ranges));
        expect(ips.every((ip) => rangeWith(ranges, ip) !== undefined)).toBe(true);
        expect(ips.toSorted()).toEqual(walk(ranges).toSorted());
      }),
    );
  });
});

/** Ranges of 10.0.0.0/24 that do not overlap, with gateways inside and outside of them. */
function anySet() {
  return fc
    .tuple(
      fc.uniqueArray(fc.nat(255), { minLength: 2, maxLength: 10 }),
      fc.array(fc.nat(255), { minLength: 5, maxLength: 5 }),
    )
    .map(([cuts, gateways]) => {
      const sorted = cuts.toSorted((a, b) => a - b);
      return set(
        ...Array.from({ length: sorted.length >> 1 }, (_, i) =>
          v4(`10.0.0.${sorted[2 * i]}`, `10.0.0.${sorted[2 * i + 1]}`, `10.0.0.${gateways[i]}`),
        ),
      );
    });
}

test("counts and prints", () => {
  expect(sizeOf(set({ subnet: "10.0.0.0/30" }))).toBe(1n);
  expect(sizeOf(set({ subnet: "10.0.0.0/30", gateway: "192.0.2.1" }))).toBe(2n);
  expect(sizeOf(set({ subnet: "fd00::/64" }))).toBe(2n ** 64n - 2n);
  expect(printSet(set(v4("10.0.0.3", "10.0.0.4"), v4("10.0.0.7", "10.0.0.8")))).toBe(
    "10.0.0.3-10.0.0.4, 10.0.0.7-10.0.0.8",
  );
  expect(familyOfSet(set({ subnet: "fd00::/64" }))).toBe(6);
  expect(rangeWith(set({ subnet: "10.0.0.0/24" }), parseIp("10.0.1.1"))).toBeUndefined();
  expect(rangeWith(set({ subnet: "10.0.0.0/24" }), parseIp("fd00::1"))).toBeUndefined();
});

const whereOf = (i: number, j?: number): string => `s${i}${j === undefined ? "" : `[${j}]`}`;

describe("sets are checked against each other", () => {
  const a = v4("10.0.0.10", "10.0.0.20");
  const refused: readonly [string, readonly RangeText[][], string, string][] = [
    ["empty", [[]], "a range set is empty", "s0"],
    ["families", [[{ subnet: "10.0.0.0/24" }, { subnet: "fd00::/64" }]], "mixes address families: 10.0.0.0/24 and fd00::/64", "s0[1]"],
    ["in a set", [[a, v4("10.0.0.20", "10.0.0.30")]], "the ranges 10.0.0.10-10.0.0.20 and 10.0.0.20-10.0.0.30 overlap", "s0[0], s0[1]"],
    ["between sets", [[a], [v4("10.0.0.1", "10.0.0.200")]], "overlap", "s0[0], s1[0]"],
  ]; // prettier-ignore
  test.each(refused)("%s", (_, texts, message, path) => {
    const sets = texts.map((one) => set(...one));
    expect(() => checkSets(sets, whereOf)).toThrow(
      expect.objectContaining({ code: "bad-range", message: expect.stringContaining(message), where: path }),
    );
  });
  test("what does not touch is fine", () => {
    checkSets(
      [set(a, v4("10.0.0.21", "10.0.0.30")), set({ subnet: "10.1.0.0/24" }), set({ subnet: "fd00::/64" })],
      whereOf,
    );
  });
});
