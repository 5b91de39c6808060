import { describe, expect, test } from "bun:test";
import { inverse, printOp } from "../../change/index.ts";
import type { JsonObject } from "../../cni/index.ts";
import { parseIfName, parsePrefix } from "../../values/index.ts";
import { callWith, eth0 } from "../_call-fixture.ts";
import { planMoveIn, planMoveOut } from "./plan.ts";
import { readHostDevice } from "./schema.ts";

const wire = parseIfName("wire");
const device = (json: JsonObject) => readHostDevice(callWith(json)).device;

describe("host-device", () => {
  test("the device is told in one of five ways, the runtime's before all others", () => {
    expect(device({ device: "wire" })).toEqual({ by: "name", name: wire });
    expect(device({ device: "", hwaddr: "02:00:00:00:00:01" })).toMatchObject({ by: "mac" });
    expect(device({ kernelpath: "/sys/devices/pci0000:00/0000:00:1f.6" })).toMatchObject({ by: "path" });
    expect(device({ pciBusID: "0000:00:1f.6" })).toEqual({ by: "pci", address: "0000:00:1f.6" });
    const chosen = { device: "wire", runtimeConfig: { deviceID: "mlx5_core.sf.4" } };
    expect(device(chosen)).toEqual({ by: "id", id: "mlx5_core.sf.4" });
  });

  test.each([
    [{}, "device is missing"],
    [{ kernelpath: "/etc" }, 'kernelpath is "/etc"'],
    [{ kernelpath: "/sys/devices/../../etc" }, "kernelpath is "],
    [{ pciBusID: "../0000:00:1f.6" }, "pciBusID is "],
    [{ runtimeConfig: { deviceID: "a/b" } }, "deviceID is "],
  ])("%j is refused", (json, message) => {
    expect(() => device(json)).toThrow(message);
    expect(readHostDevice(callWith(json, { command: "DEL" }))).toEqual({});
  });

  test("goes to the container with its name as alias, and comes back", () => {
    const link = {
      ...eth0,
      name: wire,
      addrs: [
        { prefix: parsePrefix("192.0.2.1/24"), scope: "global" as const, fromKernel: false },
        { prefix: parsePrefix("fe80::1/64"), scope: "link" as const, fromKernel: true },
      ],
    };
    const ops = planMoveIn(link, parseIfName("net1"));
    expect(ops.map(printOp)).toEqual([
      "ip -n host link set dev wire netns pod name net1",
      "ip -n pod link set dev net1 alias wire",
    ]);
    expect(ops.toReversed().flatMap(inverse).map(printOp)).toEqual([
      "ip -n pod link set dev net1 alias ''",
      "ip -n pod link set dev net1 netns host name wire",
      "ip -n host link set dev wire up",
      "ip -n host addr add 192.0.2.1/24 dev wire",
    ]);
    expect(planMoveOut({ ...eth0, alias: "wire" }, wire).map(printOp)).toEqual([
      "ip -n pod link set dev eth0 netns host name wire",
      "ip -n host link set dev wire alias ''",
    ]);
  });
});
