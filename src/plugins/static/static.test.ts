import { describe, expect, test } from "bun:test";
import { type Call, CniError, type JsonObject, type Result, type Work, callOf, specVersions } from "../../cni/index.ts";
import { staticIpam } from "./main.ts";

const work = { dry: false } as Work;
const one: JsonObject = { addresses: [{ address: "10.1.0.2/24", gateway: "10.1.0.1" }] };

function callFor(
  command: Call["command"],
  ipam: unknown,
  { args = "", version = "1.0.0", ...more }: JsonObject & { readonly args?: string; readonly version?: string } = {},
): Call {
  return callOf(
    { command, containerId: "c1", netns: "/run/netns/x", ifname: "eth0", args, path: [], ownNetns: false },
    { cniVersion: version, name: "net1", type: "static", ipam, ...more },
    specVersions,
    () => {},
  );
}

function add(...call: Parameters<typeof callFor> extends [unknown, ...infer Rest] ? Rest : never): Result {
  const parsed = callFor("ADD", ...call);
  const answer = staticIpam.add(staticIpam.parse(parsed), parsed, work);
  if (answer instanceof Promise) throw new TypeError("static waits for nothing");
  return answer;
}

const ips = (result: Result) => (result.ips ?? []).map(({ address, gateway }) => `${address} ${gateway ?? "-"}`);

function fault(body: () => unknown): CniError {
  try {
    body();
  } catch (error) {
    if (error instanceof CniError) return error;
    throw error;
  }
  return expect.unreachable("it should have failed");
}

describe("ADD", () => {
  test("answers what the configuration says", () => {
    const ipam = { ...one, routes: [{ dst: "0.0.0.0/0", gw: "10.1.0.9" }], dns: { nameservers: ["192.0.2.1"] } };
    expect<unknown>(add(ipam)).toEqual({
      ips: [{ address: "10.1.0.2/24", gateway: "10.1.0.1" }],
      routes: [{ dst: "0.0.0.0/0", gw: "10.1.0.9" }],
      dns: { nameservers: ["192.0.2.1"] },
    });
    expect(add({})).toEqual({});
  });

  test.each([
    [
      "IP=10.2.0.5/24,fd02::5/64;GATEWAY=10.2.0.1,fd02::1",
      ["10.1.0.2/24 10.1.0.1", "10.2.0.5/24 10.2.0.1", "fd02::5/64 fd02::1"],
    ],
    ["GATEWAY=10.1.0.9", ["10.1.0.2/24 10.1.0.9"]],
    ["IP=10.2.0.5/24;GATEWAY=10.3.0.1", ["10.1.0.2/24 10.1.0.1", "10.2.0.5/24 -"]],
    ["IgnoreUnknown=1;MAC=x", ["10.1.0.2/24 10.1.0.1"]],
  ])("CNI_ARGS %s", (args, expected) => {
    expect(ips(add(one, { args }))).toEqual(expected);
  });

  test("args replace the configuration, the runtime replaces both, an empty list replaces nothing", () => {
    const args = { cni: { ips: ["10.5.0.5/24"] } };
    expect(ips(add(one, { args: "IP=10.6.0.6/24" }))).toHaveLength(2);
    const call = (more: JsonObject) => ips(add(one, more as never));
    expect(call({ runtimeConfig: { ips: ["10.4.0.4/24", "fd04::4/64"] } })).toEqual(["10.4.0.4/24 -", "fd04::4/64 -"]);
    expect(call({ runtimeConfig: { ips: [] } })).toEqual(["10.1.0.2/24 10.1.0.1"]);
    const both = callOf(
      { command: "ADD", containerId: "c1", netns: "/x", ifname: "eth0", args: "", path: [], ownNetns: false },
      { cniVersion: "1.0.0", name: "n", type: "static", ipam: one, args },
      specVersions,
      () => {},
    );
    expect(staticIpam.parse(both)).toMatchObject({ ips: [{ address: "10.5.0.5/24" }] });
  });
});

describe("refusals", () => {
  test.each([
    [{ addresses: [{ address: "10.1.0.2" }] }, 7, "it has no length", "ipam.addresses[0].address"],
    [{ addresses: [{}] }, 7, "address is missing", "ipam.addresses[0].address"],
    [
      { addresses: [{ address: "10.1.0.2/24", gateway: "x" }] },
      7,
      "gateway cannot be read",
      "ipam.addresses[0].gateway",
    ],
    [{ addresses: "x" }, 7, 'addresses is "x", not a list', "ipam.addresses"],
  ])("%j", (ipam, code, message, details) => {
    expect(fault(() => add(ipam))).toMatchObject({
      code,
      message: expect.stringContaining(message),
      details: expect.stringContaining(details),
    });
  });
  test.each([
    ["IP=10.2.0.5", "IP cannot be read"],
    ["GATEWAY=x", "GATEWAY cannot be read"],
    ["FOO=BAR", "unknown FOO=BAR"],
  ])("CNI_ARGS %s", (args, message) => {
    expect(fault(() => add(one, { args }))).toMatchObject({ code: 4, message: expect.stringContaining(message) });
  });
  test("two of a family need 0.3.0", () => {
    const two = { addresses: [{ address: "10.1.0.2/24" }, { address: "10.1.0.3/24" }] };
    expect(fault(() => add(two, { version: "0.2.0" })).message).toContain("second IPv4 address, and CNI 0.2.0");
    expect(ips(add(two, { version: "0.3.0" }))).toHaveLength(2);
  });
});

describe("the others", () => {
  test("DEL reads nothing", () => {
    const call = callFor("DEL", "nonsense");
    expect(staticIpam.parse(callFor("DEL", { addresses: "x" }))).toEqual({ ips: [], routes: [] });
    expect(call.command).toBe("DEL");
  });
  test("CHECK compares with prevResult", () => {
    const check = (prevResult?: JsonObject) => {
      const call = callFor("CHECK", one, prevResult === undefined ? {} : ({ prevResult } as never));
      void staticIpam.check?.(staticIpam.parse(call), call, work);
    };
    check({ ips: [{ address: "10.1.0.2/24", gateway: "10.1.0.1" }, { address: "10.9.0.1/24" }] });
    expect(fault(() => check()).code).toBe(7);
    expect(fault(() => check({ ips: [{ address: "10.1.0.2/24" }] }))).toMatchObject({
      code: 105,
      message: expect.stringContaining("gateway 10.1.0.1"),
    });
    expect(fault(() => check({ ips: [{ address: "10.1.0.3/24" }] })).details).toContain("prevResult has 10.1.0.3/24");
  });
});
