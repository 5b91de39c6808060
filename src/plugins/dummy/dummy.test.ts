import { expect, test } from "bun:test";
import { printOp } from "../../change/index.ts";
import { parseIfName } from "../../values/index.ts";
import { callWith } from "../_call-fixture.ts";
import { planDummy } from "./plan.ts";
import { readDummy } from "./schema.ts";

test("dummy makes a device for its addresses, and has no other use", () => {
  expect(planDummy(parseIfName("eth0")).map(printOp)).toEqual(["ip -n pod link add name eth0 type dummy"]);
  expect(readDummy(callWith({ ipam: { type: "static" } }))).toEqual({ ipam: "static" });
  expect(() => readDummy(callWith({}))).toThrow("ipam is missing");
  expect(() => readDummy(callWith({ ipam: { subnet: "10.7.0.0/24" } }))).toThrow(
    expect.objectContaining({ details: expect.stringContaining("at ipam.type: ") }),
  );
  expect(readDummy(callWith({}, { command: "DEL" }))).toEqual({});
});
