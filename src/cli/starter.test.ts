import { expect, test } from "bun:test";
import { load, parseLabText } from "../lab/index.ts";
import { nameOf, starterText } from "./starter.ts";

test("what init writes is the default example", () => {
  const { topology } = load(parseLabText(starterText("demo"), "demo.netloom.yaml").input);
  const example = load(new URL("../../examples/overlay.netloom.yaml", import.meta.url).pathname).topology;
  expect(topology.nodes.map(({ name, gateways }) => [name, gateways])).toEqual(
    example.nodes.map(({ name, gateways }) => [name, gateways]),
  );
  expect(topology.mtu).toEqual(example.mtu);
});

test("what is commented out is right too", () => {
  const text = starterText("demo").replaceAll(/^# (links:| {2}- on:| {4}rate:)/gm, "$1");
  expect(load(parseLabText(text, "x").input).topology.impairments).toHaveLength(1);
});

test("a folder's name becomes a lab's", () => {
  expect(["/tmp/My Lab", "/", "/x/--a--", `/${"y".repeat(40)}-`].map(nameOf)).toEqual([
    "my-lab",
    "lab",
    "a",
    "y".repeat(32),
  ]);
});
