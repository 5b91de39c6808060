import { describe, expect, test } from "bun:test";
import { printOp } from "../../change/index.ts";
import type { JsonObject } from "../../cni/index.ts";
import { parseIfName, parsePrefix } from "../../values/index.ts";
import { callWith } from "../_call-fixture.ts";
import { planSingle } from "../_single.ts";
import { planMacvlan } from "./plan.ts";
import { readMacvlan } from "./schema.ts";

const [eth0, wire] = [parseIfName("eth0"), parseIfName("wire")];
const planned = (json: JsonObject) => planMacvlan(readMacvlan(callWith(json)), eth0, wire).map(printOp);

describe("macvlan", () => {
  test("stands on a device of the host, or of the container", () => {
    expect(planned({})).toEqual(["ip -n host link add link wire name eth0 netns pod type macvlan mode bridge"]);
    expect(planned({ linkInContainer: true, mode: "private" })).toEqual([
      "ip -n pod link add link wire name eth0 type macvlan mode private",
    ]);
  });

  test("has what the configuration says", () => {
    const json = { mode: "passthru", mtu: 1400, mac: "02:00:00:00:00:07", bcqueuelen: 500 };
    expect(planned(json)).toEqual([
      "ip -n host link add link wire name eth0 netns pod mtu 1400 address 02:00:00:00:00:07 type macvlan mode passthru bcqueuelen 500",
    ]);
    expect(planned({ ...json, runtimeConfig: { mac: "02:00:00:00:00:08" } })[0]).toContain("address 02:00:00:00:00:08");
    expect(readMacvlan(callWith({ master: "wire" })).master).toBe(wire);
    expect(readMacvlan(callWith({ master: "" })).master).toBeUndefined();
    expect(() => readMacvlan(callWith({ mode: "x" }))).toThrow('mode is "x"');
    expect(readMacvlan(callWith({ mode: "x", ipam: { type: "static" } }, { command: "DEL" }))).toMatchObject({
      ipam: "static",
    });
  });

  test("announces its addresses, also those that it gives itself later", () => {
    const ips = [{ address: parsePrefix("10.0.0.2/24") }];
    expect(planSingle(eth0, { ips }, "all").map(printOp)).toEqual([
      "ip netns exec pod sysctl -w net/ipv4/conf/eth0/arp_notify=1",
      "ip netns exec pod sysctl -w net/ipv6/conf/eth0/ndisc_notify=1",
      "ip -n pod addr add 10.0.0.2/24 broadcast 10.0.0.255 dev eth0",
      "ip -n pod link set dev eth0 up",
    ]);
    expect(planSingle(eth0, { ips }, "all", { ipv6: false }).map(printOp)).toHaveLength(3);
    expect(planSingle(eth0, { ips }, false).map(printOp)).toHaveLength(2);
  });
});
