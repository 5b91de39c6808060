import { expect, test } from "bun:test";
import { printOp } from "../../change/index.ts";
import type { JsonObject } from "../../cni/index.ts";
import { parseIfName } from "../../values/index.ts";
import { callWith } from "../_call-fixture.ts";
import { planTap } from "./plan.ts";
import { readTap } from "./schema.ts";

const planned = (json: JsonObject) => planTap(readTap(callWith(json)), parseIfName("eth0")).map(printOp);

test("tap makes a device", () => {
  expect(planned({})).toEqual(["ip -n pod tuntap add dev eth0 mode tap"]);
  const all = { multiQueue: true, owner: 0, group: 1000, mtu: 1400, mac: "02:00:00:00:00:07", bridge: "br0" };
  expect(planned(all)).toEqual([
    "ip -n pod tuntap add dev eth0 mode tap user 0 group 1000 vnet_hdr multi_queue && ip -n pod link set dev eth0 master br0 mtu 1400 address 02:00:00:00:00:07",
  ]);
});

test("tap says what it cannot do", () => {
  expect(() => readTap(callWith({ selinuxContext: "system_u:object_r:x" }))).toThrow(
    'cannot use selinuxContext "system_u:object_r:x"',
  );
  expect(() => readTap(callWith({ owner: -1 }))).toThrow("owner is -1");
  expect(readTap(callWith({ owner: -1, ipam: { type: "static" } }, { command: "DEL" })).ipam).toBe("static");
});
