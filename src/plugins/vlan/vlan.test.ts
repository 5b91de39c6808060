import { describe, expect, test } from "bun:test";
import { printOp } from "../../change/index.ts";
import { parseIfName } from "../../values/index.ts";
import { callWith } from "../_call-fixture.ts";
import { planVlan } from "./plan.ts";
import { readVlan } from "./schema.ts";

const [eth0, wire] = [parseIfName("eth0"), parseIfName("wire")];
const ipam = { type: "static" };

describe("vlan", () => {
  test("stands on a device of the host, or of the container", () => {
    expect(planVlan(readVlan(callWith({ master: "wire", vlanId: 7, ipam })), eth0, wire).map(printOp)).toEqual([
      "ip -n host link add link wire name eth0 netns pod type vlan id 7",
    ]);
    const inside = readVlan(callWith({ master: "wire", vlanId: 0, mtu: 1400, linkInContainer: true, ipam }));
    expect(planVlan(inside, eth0, wire).map(printOp)).toEqual([
      "ip -n pod link add link wire name eth0 mtu 1400 type vlan id 0",
    ]);
  });

  test.each([
    [{ vlanId: 7, ipam }, "master is missing"],
    [{ master: "wire", ipam }, "vlanId is missing"],
    [{ master: "wire", vlanId: 4095, ipam }, "vlanId is 4095"],
    [{ master: "wire", vlanId: 7 }, "ipam is missing"],
  ])("%j is refused", (json, message) => {
    expect(() => readVlan(callWith(json))).toThrow(message);
    expect(readVlan(callWith(json, { command: "DEL" }))).toMatchObject("ipam" in json ? { ipam: "static" } : {});
  });
});
