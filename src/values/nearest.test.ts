import { expect, test } from "bun:test";

import { nearest } from "./nearest.ts";

test.each([
  ["nodse", "nodes"],
  ["Pods", "pods"],
  ["prefix", "prefixes"],
  ["adresses", "addresses"],
])("%p is meant to be %p", (word, meant) => {
  expect(nearest(word, ["nodes", "pods", "prefixes", "addresses"])).toBe(meant);
});

test("what is like nothing has no guess", () => {
  expect(nearest("color", ["nodes", "pods"])).toBeUndefined();
  expect(nearest("x", [])).toBeUndefined();
});
