import { describe, expect, test } from "bun:test";
import type { CniError, JsonObject } from "../../cni/index.ts";
import { callWith } from "../_call-fixture.ts";
import { parseFlags } from "./program.ts";
import { clientIdOf, noteName } from "./protocol.ts";
import { parseDhcp } from "./schema.ts";

const parse = (ipam: JsonObject, args = "") => parseDhcp(callWith({ ipam }, { args }));
const text = (value: string): string => new TextEncoder().encode(value).toHex();

describe("the configuration", () => {
  test("by default router and mask are asked for", () => {
    expect(parse({})).toEqual({ socket: "/run/cni/dhcp.sock", provide: {}, request: [3, 1] });
  });
  test("options by name or number, values as they are or from CNI_ARGS", () => {
    const provide = [
      { option: "host-name", value: "h" },
      { option: "12", fromArg: "K8S_POD_NAME" },
      { option: 61, value: "id" },
      { option: "vendor-class-identifier", value: "v" },
    ];
    const request = [{ option: "121" }, { option: "routers", skipDefault: true }];
    expect(parse({ provide, request, priority: 9, daemonSocketPath: "/x" }, "K8S_POD_NAME=pod;OTHER=1")).toEqual({
      socket: "/x",
      provide: { 12: text("pod"), 60: text("v"), 61: text("id") },
      request: [121, 3],
      priority: 9,
    });
  });
  test.each<[JsonObject, string]>([
    [{ provide: [{ option: "colour", value: "x" }] }, "ipam.provide[0].option"],
    [{ provide: [{ option: 0, value: "x" }] }, "ipam.provide[0].option"],
    [{ provide: [{ option: 12 }] }, "ipam.provide[0]"],
    [{ provide: [{ option: 12, value: "x", fromArg: "Y" }] }, "ipam.provide[0]"],
    [{ provide: [{ option: 12, fromArg: "Y" }] }, "CNI_ARGS"],
    [{ request: [{ option: "255" }] }, "ipam.request[0].option"],
  ])("%j", (ipam, where) => {
    try {
      parse(ipam);
      expect.unreachable();
    } catch (error) {
      expect((error as CniError).details).toContain(where);
    }
  });
});

test("the client identifier, and the note's name", () => {
  const holder = { containerID: "c1", network: "n1", ifname: "eth0" };
  expect(new TextDecoder().decode(clientIdOf(holder))).toBe("\0c1/n1/eth0");
  expect(clientIdOf({ ...holder, containerID: "x".repeat(300) })).toHaveLength(254);
  expect(noteName(holder)).toMatch(/^[0-9a-f]{40}\.json$/);
  expect(noteName(holder)).not.toBe(noteName({ ...holder, ifname: "eth1" }));
});

describe("the daemon's flags", () => {
  test("as Go writes them", () => {
    expect(parseFlags([])).toEqual({
      socket: "/run/cni/dhcp.sock",
      hostPrefix: "",
      broadcast: false,
      timeout: 10_000,
      resendMax: 62_000,
      resendTimeout: 208_000,
    });
    const words = [
      "-socketpath",
      "/s",
      "--pidfile=/p",
      "-hostprefix",
      "/host",
      "-broadcast",
      "-timeout=1m30s",
      "--resendmax",
      "500ms",
    ];
    expect(parseFlags(words)).toMatchObject({
      socket: "/s",
      pidFile: "/p",
      hostPrefix: "/host",
      broadcast: true,
      timeout: 90_000,
      resendMax: 500,
    });
  });
  test.each([[["-colour"]], [["socketpath"]], [["-timeout"]], [["-timeout", "10"]]])("%j", (words) => {
    expect(() => parseFlags(words)).toThrow(/dhcp daemon \[-socketpath/);
  });
});
