import { describe, expect, test } from "bun:test";
import { Section, asIp, asList, asPrefix, asString, lookUp } from "./conf.ts";
import { CniError, codes } from "./error.ts";
import type { JsonObject } from "./plugin.ts";

const section = (text: string): Section => new Section(JSON.parse(text) as JsonObject);

/** What reading throws, as callers show it. */
function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(CniError);
    const { code, message, details } = error as CniError;
    expect(code).toBe(codes.invalidConfig);
    return `${message}; ${details}`;
  }
  throw new Error("nothing was thrown");
}

describe("keys match as in Go", () => {
  test("exactly, or in any other case", () => {
    const conf = section(
      '{"CniVersion":"1.0.0","NAME":"n1","IsGateway":true,"IPAM":{"Type":"host-local","SUBNET":"10.8.0.0/24"}}',
    );
    expect(conf.string("cniVersion")).toBe("1.0.0");
    expect(conf.string("name")).toBe("n1");
    expect(conf.bool("isGateway")).toBe(true);
    expect(conf.object("ipam")?.string("type")).toBe("host-local");
    expect(conf.object("ipam")?.prefix("subnet") as string).toBe("10.8.0.0/24");
  });

  test("the last of several wins", () => {
    expect(lookUp({ name: "a", NAME: "b" }, "name")).toBe("b");
    expect(lookUp({ NAME: "b", name: "a" }, "name")).toBe("a");
  });

  test("null is absent, an unknown key is somebody else's", () => {
    const conf = section('{"mtu":null,"other":[1,{}]}');
    expect(conf.int("mtu")).toBeUndefined();
    expect(conf.list("mtu", asString)).toBeUndefined();
    expect(conf.object("ipam")).toBeUndefined();
  });

  test("what every object has is not in the configuration", () => {
    expect(section("{}").raw("constructor")).toBeUndefined();
    expect(section("{}").raw("__proto__")).toBeUndefined();
    expect(section('{"__proto__":"x"}').string("__proto__")).toBe("x");
  });
});

describe("values are read strictly, and the error says where", () => {
  for (const [what, text, read, said] of [
    [
      "a number for a string",
      '{"bridge":7}',
      (c: Section) => c.string("bridge"),
      "bridge is 7, not a string; at bridge: write a string",
    ],
    [
      "a string for a number",
      '{"mtu":"1500"}',
      (c: Section) => c.int("mtu"),
      'mtu is "1500", not a whole number; at mtu: write a whole number',
    ],
    [
      "a fraction",
      '{"mtu":1.5}',
      (c: Section) => c.int("mtu"),
      "mtu is 1.5, not a whole number; at mtu: write a whole number",
    ],
    [
      "a number too large to be exact",
      '{"mtu":9007199254740993}',
      (c: Section) => c.int("mtu"),
      "mtu is 9007199254740992, not a whole number; at mtu: write a whole number",
    ],
    [
      "a number out of bounds",
      '{"vlan":4095}',
      (c: Section) => c.int("vlan", { min: 0, max: 4094 }),
      "vlan is 4095; at vlan: write a number from 0 to 4094",
    ],
    [
      "a string for a truth",
      '{"ipMasq":"true"}',
      (c: Section) => c.bool("ipMasq"),
      'ipMasq is "true", not true or false; at ipMasq: write true or false',
    ],
    [
      "a list for an object",
      '{"ipam":[]}',
      (c: Section) => c.object("ipam"),
      "ipam is [], not an object; at ipam: write an object",
    ],
    [
      "an object for a list",
      '{"routes":{}}',
      (c: Section) => c.list("routes", asString),
      "routes is {}, not a list; at routes: write a list",
    ],
    [
      "a missing one",
      '{"ipam":{}}',
      (c: Section) => c.object("ipam")?.need("type", asString),
      "type is missing; at ipam.type: add it",
    ],
  ] as const)
    test(what, () => expect(refusal(() => read(section(text)))).toBe(`invalid network configuration: ${said}`));

  test("deep inside", () => {
    const ipam = section(
      '{"ipam":{"ranges":[[{"subnet":"10.1.0.0/16"}],[{"subnet":"10.2.0.0/16"},{"subnet":"10.3.0.0"}]]}}',
    );
    const subnets = (value: unknown, path: string): readonly unknown[] =>
      asList(value, path, (item, at) => new Section(item as JsonObject, at).prefix("subnet"));
    expect(refusal(() => ipam.object("ipam")?.list("ranges", subnets))).toBe(
      'invalid network configuration: subnet cannot be read: "10.3.0.0" is not a prefix: it has no length; write address/length, ' +
        "like 10.0.0.1/24 or fd00::1/64; at ipam.ranges[1][1].subnet",
    );
    expect(refusal(() => section('{"ips":["10.0.0.1",5]}').list("ips", asIp))).toBe(
      "invalid network configuration: ips[1] is 5, not a string; at ips[1]: write a string",
    );
  });

  test("addresses come out canonical, and the empty text is absent", () => {
    const conf = section('{"gw":"FD00:0::1","mac":"02:AB:00:00:00:01","net":"fd00::7/64","hostIP":""}');
    expect([conf.ip("gw"), conf.mac("mac"), conf.read("net", asPrefix)] as unknown[]).toEqual([
      "fd00::1",
      "02:ab:00:00:00:01",
      "fd00::7/64",
    ]);
    expect([conf.ip("hostIP"), conf.prefix("hostIP"), conf.mac("hostIP")]).toEqual([undefined, undefined, undefined]);
  });

  test("a long value is cut", () => {
    expect(refusal(() => section(`{"mtu":"${"x".repeat(500)}"}`).int("mtu")).length).toBeLessThan(150);
  });
});
