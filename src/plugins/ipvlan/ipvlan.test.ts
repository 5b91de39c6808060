import { describe, expect, test } from "bun:test";
import { printOp } from "../../change/index.ts";
import { parseIfName } from "../../values/index.ts";
import { bridged, callWith } from "../_call-fixture.ts";
import { planIpvlan } from "./plan.ts";
import { readIpvlan } from "./schema.ts";

const [eth0, wire] = [parseIfName("eth0"), parseIfName("wire")];

describe("ipvlan", () => {
  test("stands on a device of the host, or of the container", () => {
    expect(planIpvlan(readIpvlan(callWith({})), eth0, wire).map(printOp)).toEqual([
      "ip -n host link add link wire name eth0 netns pod type ipvlan mode l2",
    ]);
    const inside = readIpvlan(callWith({ mode: "l3s", mtu: 1400, linkInContainer: true }));
    expect(planIpvlan(inside, eth0, wire).map(printOp)).toEqual([
      "ip -n pod link add link wire name eth0 mtu 1400 type ipvlan mode l3s",
    ]);
  });

  test("behind another plugin it stands on the one interface that made", () => {
    const prevResult = { interfaces: [{ name: "wire" }] };
    expect(readIpvlan(callWith({}, { prevResult })).master).toBe(wire);
    expect(readIpvlan(callWith({ master: "other" }, { prevResult })).master as string | undefined).toBe("other");
    expect(() => readIpvlan(callWith({}, { prevResult: bridged }))).toThrow("did not make exactly one interface");
    expect(readIpvlan(callWith({}, { prevResult: bridged, command: "CHECK" })).master).toBeUndefined();
    expect(readIpvlan(callWith({ master: 7 }, { prevResult: bridged, command: "DEL" })).master).toBeUndefined();
  });
});
