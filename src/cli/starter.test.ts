import { expect, test } from "bun:test";
import { type PodNetwork, load, parseLabText } from "../lab/index.ts";
import { nameOf, starterText } from "./starter.ts";

test("what init writes is the default example", () => {
  const { topology } = load(parseLabText(starterText("demo"), "demo.netloom.yaml").input);
  const example = load(new URL("../../examples/overlay.netloom.yaml", import.meta.url).pathname).topology;
  expect(topology.networks.map(gatewaysOf)).toEqual(example.networks.map(gatewaysOf));
  expect(topology.networks[0]?.mtu).toEqual(example.networks[0]!.mtu);
});

const gatewaysOf = ({ nodes }: PodNetwork) => nodes.map(({ name, gateways }) => [name, gateways]);

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
