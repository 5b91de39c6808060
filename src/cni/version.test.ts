import { describe, expect, test } from "bun:test";
import { compareVersions, isSpecVersion, specVersions, versionsFrom } from "./version.ts";

describe("order", () => {
  for (const [a, b, sign] of [
    ["0.4.0", "0.3.1", 1],
    ["0.3.1", "0.3.1", 0],
    ["0.10.0", "0.9.0", 1],
    ["1.0", "1.0.0", 0],
    ["", "0.1.0", 0],
    ["", "0.2.0", -1],
    ["9.9.9", "1.1.0", 1],
  ] as const)
    test(`${a || "none"} and ${b}`, () => expect(Math.sign(compareVersions(a, b))).toBe(sign));

  for (const bad of ["1.x", "1.0.0.0", "v1.0.0", "1.0.0-rc1", " 1.0.0", "-1"])
    test(`${bad} is no version`, () =>
      expect(() => compareVersions(bad, "1.0.0")).toThrow(
        expect.objectContaining({ code: 6, message: `cannot read version ${JSON.stringify(bad)}` }),
      ));
});

test("support is exact", () => {
  expect(specVersions.every(isSpecVersion)).toBe(true);
  expect(["1.0", "1.0.0 ", "", "0.1"].some(isSpecVersion)).toBe(false);
  expect(versionsFrom("0.4.0")).toEqual(["0.4.0", "1.0.0", "1.1.0"]);
});
