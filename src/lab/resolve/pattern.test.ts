import { expect, test } from "bun:test";

import { matcher, numbered } from "./pattern.ts";

test.each([
  ["*", "anything", true],
  ["vm-001", "vm-001", true],
  ["vm-001", "vm-001-ns01", false],
  ["vm-*", "vm-001-ns01", true],
  ["*-ns01", "vm-001-ns01", true],
  ["*-ns01", "vm-001-ns011", false],
  ["a.c*", "abc", false],
])("%p on %p: %p", (pattern, name, fits) => {
  expect(matcher(pattern)(name)).toBe(fits);
});

test("a number gets the zeros the pattern asks for", () => {
  expect(["vm-%03d", "n%d", "<node>-ns%02d"].map((pattern) => numbered(pattern, 7))).toEqual([
    "vm-007",
    "n7",
    "<node>-ns07",
  ]);
  expect(numbered("vm-%02d", 1234)).toBe("vm-1234");
});
