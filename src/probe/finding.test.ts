import { expect, test } from "bun:test";
import { WEIGHT, mostLikely } from "./finding.ts";

test("the two that explain most, each once", () => {
  const findings = [
    { weight: WEIGHT.way, text: "a sends through eth0" },
    { weight: WEIGHT.noRoute, text: "a has no route" },
    { weight: WEIGHT.linkDown, text: "eth0 of a is down" },
    { weight: WEIGHT.linkDown - 1, text: "eth0 of a is down" },
  ];
  expect(mostLikely(findings)).toEqual(["eth0 of a is down", "a has no route"]);
  expect(mostLikely([])).toEqual([]);
});
