import { expect, test } from "bun:test";
import { givenBy, variablesOf } from "./environment.ts";
import { choice, duration, integer, texts, toggle } from "./flags.ts";
import { UsageError } from "./usage.ts";

test("times have a unit", () => {
  const { read } = duration("");
  expect(["500ms", "1.5s", "2m", "1h"].map((word) => read(word, "--wait"))).toEqual([500, 1500, 120_000, 3_600_000]);
  expect(read(undefined, "--wait")).toBeUndefined();
  for (const bad of ["5", "s", "-1s", "1 s", "1d", ""]) expect(() => read(bad, "--wait")).toThrow(UsageError);
});

test("numbers are whole and in range", () => {
  const { read } = integer("N", "", 1, 10);
  expect(read("10", "--count")).toBe(10);
  for (const bad of ["0", "11", "1.5", "x", ""])
    expect(() => read(bad, "--count")).toThrow("whole number from 1 to 10");
});

test("a word is one of those allowed", () => {
  const { read } = choice(["a", "b"], "a", "");
  expect([read(undefined, "-o"), read("b", "-o")]).toEqual(["a", "b"]);
  expect(() => read("c", "-o")).toThrow("-o c: give one of a, b");
});

test("a variable may say no to a switch", () => {
  const { read } = toggle("");
  expect(["1", "yes", "true", "0", "no", "false", ""].map((word) => read(word, "--yes"))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
  expect(read(undefined, "--yes")).toBe(false);
});

test("the command's variable beats the common one, and lists are separated by commas", () => {
  expect(variablesOf("up", "no-test")).toEqual(["NETLOOM_UP_NO_TEST", "NETLOOM_NO_TEST"]);
  const env = { NETLOOM_FILE: "common", NETLOOM_UP_FILE: "a,b", NETLOOM_PLAN_FILE: "" };
  const file = texts("FILE", "");
  expect(givenBy(env, "up", "file", file)).toEqual(["a", "b"]);
  expect(givenBy(env, "plan", "file", file)).toEqual(["common"]);
  expect(givenBy({}, "up", "file", file)).toBeUndefined();
});
