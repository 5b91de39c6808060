import { expect, test } from "bun:test";
import { planCreate } from "./create.ts";
import { planDelete } from "./delete.ts";
import { OWNER } from "./owner.ts";
import type { PinFact } from "./pins.ts";

const free: PinFact = { state: "free", uts: "none" };
const ours: PinFact = { state: "pinned", uts: "pinned", owner: OWNER };
const pins = (facts: Readonly<Record<string, PinFact>>): ReadonlyMap<string, PinFact> => new Map(Object.entries(facts));

test("what is there stays, what is not is made, files without a namespace are cleared first", () => {
  const plan = planCreate(
    ["a", "b", "c", "d"],
    pins({ a: ours, b: free, c: { state: "hollow", uts: "none" }, d: { state: "free", uts: "pinned" } }),
  );
  expect(plan.clear).toEqual(["c", "d"]);
  expect(plan.ops).toEqual(
    ["b", "c", "d"].map((netns) => ({ do: "netns.create", netns, owner: OWNER, hostname: netns })),
  );
});

test.each([
  [{ state: "pinned", uts: "pinned" }, /carries no owner's tag/],
  [{ state: "pinned", uts: "pinned", owner: "netloom:lab" }, /belongs to "netloom:lab"/],
] as const)("a namespace of somebody else is neither taken nor deleted", (fact, words) => {
  expect(() => planCreate(["a"], pins({ a: fact }))).toThrow(words);
  expect(() => planDelete(["a"], pins({ a: fact }))).toThrow(words);
});

test("a pod that lost its host name is told of", () => {
  expect(() => planCreate(["a"], pins({ a: { ...ours, uts: "none" } }))).toThrow(/run\/utsns\/a/);
});

test("delete: ours go, files are cleared, what is not there is fine", () => {
  const plan = planDelete(["a", "b", "c"], pins({ a: ours, b: { state: "hollow", uts: "hollow" }, c: free }));
  expect(plan.clear).toEqual(["b"]);
  expect(plan.ops).toEqual([{ do: "netns.delete", netns: "a", was: { owner: OWNER, hostname: "a" } }]);
});
