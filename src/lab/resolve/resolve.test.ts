import { expect, test } from "bun:test";
import { topologyOf } from "./_trial.ts";

test("the same file gives the same topology", () => {
  const text = "nodes: 3\npods: 3";
  expect(topologyOf(text)).toEqual(topologyOf(text));
  const macs = topologyOf(text).nodes.flatMap(({ pods }) => pods.map(({ mac }) => mac));
  expect(new Set(macs).size).toBe(9);
});
