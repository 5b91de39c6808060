import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PodNetwork, load, parseLabText } from "../lab/index.ts";
import { nameOf, starterText, writeStarter } from "./starter.ts";
import { UsageError } from "./usage.ts";

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

test("names that YAML would read as something else are quoted", () => {
  for (const name of ["2024", "1e3", "true", "null", "no", "a-1"]) {
    expect(load(parseLabText(starterText(name), "x").input).name).toBe(name);
  }
});

test("a wrong name is the flag's fault, and nothing is written", () => {
  const folder = mkdtempSync(join(tmpdir(), "netloom-init-"));
  try {
    for (const name of ["Bad Name", "-", "a: b", ""]) {
      expect(() => writeStarter(join(folder, "new"), name)).toThrow(
        new UsageError(
          `--name ${JSON.stringify(name)} cannot be used: a lab's name is 1 to 32 small letters, digits and dashes and begins and ends with a letter or digit`,
        ),
      );
    }
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a folder's name becomes a lab's", () => {
  expect(["/tmp/My Lab", "/", "/x/--a--", `/${"y".repeat(40)}-`].map(nameOf)).toEqual([
    "my-lab",
    "lab",
    "a",
    "y".repeat(32),
  ]);
});
