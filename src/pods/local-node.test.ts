import { expect, test } from "bun:test";
import { settingsOf, variablesOf } from "../xcluster/index.ts";
import { LocalNode } from "./local-node.ts";

const nodeOf = (env: Readonly<Record<string, string>>, hostname = "vm-003", given?: string): LocalNode =>
  new LocalNode(settingsOf(variablesOf(env)), hostname, given);

test("pods by count and first, with their interfaces", () => {
  expect<unknown>(nodeOf({ NPODS: "2" }).pods()).toEqual([
    { name: "vm-003-ns01", number: 1, ifname: "eth0" },
    { name: "vm-003-ns02", number: 2, ifname: "eth0" },
  ]);
  expect<unknown>(nodeOf({ PODIF: "hostname" }).pods({ count: 1, first: 9 })).toEqual([
    { name: "vm-003-ns09", number: 9, ifname: "vm-003-ns09" },
  ]);
});

test("addresses by number; pods with a prefix use net 0", () => {
  const node = nodeOf({});
  expect<unknown>(node.addresses(node.net, 2)).toEqual(["172.16.3.2/24", "1000::1:ac10:302/120"]);
  expect(node.with({ namePrefix: "br2-" }).net).toBe(0);
  expect<unknown>(nodeOf({ __family: "6" }).addresses(3, 2)).toEqual(["1000::1:ac10:302/120"]);
  expect<unknown>(node.between(2, 1)).toEqual(["192.168.1.2/24", "1000::1:c0a8:102/120"]);
});

test("a host name without a number needs one to be given", () => {
  expect(() => nodeOf({}, "odd").number).toThrow(/odd/);
  expect(nodeOf({}, "odd", "7").number).toBe(7);
  expect(nodeOf({ __nvm: "3" }).others).toEqual([1, 2]);
});

test("no pod is the gateway", () => {
  const node = nodeOf({ NPODS: "3" });
  expect<unknown>(node.gateway(0)).toEqual(["172.16.3.0/24", "1000::1:ac10:300/120"]);
  expect<unknown>(node.gateway(4)[0]).toBe("172.16.3.4/24");
  expect(() => node.gateway(3)).toThrow(/it is pod 3/);
});
