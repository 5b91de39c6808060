import { expect, test } from "bun:test";
import { closest, didYouMean } from "./suggest.ts";

const commands = ["apply", "down", "exec", "graph", "inspect", "ls", "test", "up", "validate"];

test.each([
  ["aply", "apply"],
  ["GRAPH", "graph"],
  ["grpah", "graph"],
  ["valid", "validate"],
  ["insepct", "inspect"],
  ["pu", "up"],
  ["l", "ls"],
  ["zzz", undefined],
  ["xx", undefined],
  ["", undefined],
])("%p means %p", (word, meant) => {
  expect(closest(word, commands)).toBe(meant);
});

test("the nearest wins, then the first", () => {
  expect(closest("node", ["nodes", "nod", "node"])).toBe("node");
  expect(closest("cat", ["bat", "rat"])).toBe("bat");
});

test("the end of a message", () => {
  expect(didYouMean("aply", commands)).toBe(' (did you mean "apply"?)');
  expect(didYouMean("zzz", commands)).toBe("");
});
