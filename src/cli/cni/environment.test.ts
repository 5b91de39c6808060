import { describe, expect, test } from "bun:test";
import { UsageError } from "../usage.ts";
import { settingsOf } from "./environment.ts";

describe("what flags and cnitool's variables say", () => {
  test("nothing, and there are defaults", () => {
    expect(settingsOf({}, { CNI_IFNAME: "", CNI_ARGS: "", CAP_ARGS: "", CNI_PATH: "", NETCONFPATH: "" })).toEqual({
      confDir: "/etc/cni/net.d",
      path: ["/opt/cni/bin", "/usr/lib/cni"],
      cacheDir: "/var/lib/cni",
      ifname: "eth0",
    });
  });

  test("variables count, and flags beat them", () => {
    const env = {
      CNI_IFNAME: "net1",
      CNI_ARGS: "A=b;C=d",
      CAP_ARGS: '{"mac":"02:00:00:00:00:01"}',
      CNI_PATH: "/a::/b",
      NETCONFPATH: "/n",
    };
    expect(settingsOf({}, env)).toEqual({
      confDir: "/n",
      path: ["/a", "/b"],
      cacheDir: "/var/lib/cni",
      ifname: "net1",
      args: [
        ["A", "b"],
        ["C", "d"],
      ],
      capabilityArgs: { mac: "02:00:00:00:00:01" },
    });
    const flags = { ifname: "x", args: "E=f", "cap-args": "{}", path: "/c", "conf-dir": "/d", "container-id": "c1" };
    expect(settingsOf(flags, env)).toMatchObject({
      confDir: "/d",
      path: ["/c"],
      ifname: "x",
      args: [["E", "f"]],
      capabilityArgs: {},
      containerId: "c1",
    });
  });

  test.each(["a", "a=", "=b", "a=b;", "a=b=c", ";"])("CNI_ARGS %p is refused", (args) => {
    expect(() => settingsOf({ args }, {})).toThrow(UsageError);
  });

  test.each(["a", "[]", "1", "null"])("CAP_ARGS %p is refused", (text) => {
    expect(() => settingsOf({}, { CAP_ARGS: text })).toThrow(UsageError);
  });
});
