import { describe, expect, test } from "bun:test";
import { addressesAt, addressesOfPod, netsOf, nodeAddresses, shuffledAddresses, EXTERNAL_HOST } from "./addresses.ts";
import { settingsOf } from "./settings.ts";
import { variablesOf, wordsOf } from "./variables.ts";

describe("variables", () => {
  test("options beat the environment beats the defaults; what is empty is not set", () => {
    const env = { NPODS: "2", PREFIX: "", __nvm: "3", BR: "br9", HOME: "/root" };
    const { NPODS, PREFIX, __nvm, BR, ADRTEMPLATE, ...others } = variablesOf(env, { __nvm: "8", __a_b: "x" });
    expect([NPODS, PREFIX, __nvm, BR, ADRTEMPLATE]).toEqual(["2", "1000::1", "8", "br9", "172.16.0.0/16/24"]);
    expect(others).toEqual({
      PODIF: "eth0",
      __nrouters: "2",
      __timeout: "10",
      __retries: "10",
      __interval: "1",
      __a_b: "x",
    });
  });

  test("options stand before the first other word, and are never evaluated", () => {
    expect(wordsOf(["--random", "--a-b=$(id)", "--c=d=e", "x", "--late"])).toEqual({
      options: { __random: "yes", __a_b: "$(id)", __c: "d=e" },
      rest: ["x", "--late"],
    });
    expect(wordsOf([])).toEqual({ options: {}, rest: [] });
  });
});

describe("settings", () => {
  test("are the defaults where nothing is set", () => {
    expect(settingsOf(variablesOf({}))).toMatchObject({
      prefix: "1000::1",
      podInterface: "eth0",
      bridge: "br0",
      pods: 4,
      nodes: 4,
      routers: 2,
      random: false,
      randomCases: false,
      net: 1,
      timeout: 10,
      retries: 10,
      interval: 1,
    });
  });

  test("an interface that is named like the pod is none of its own", () => {
    expect(settingsOf(variablesOf({ PODIF: "hostname" }))).not.toHaveProperty("podInterface");
  });

  test.each([
    [{ NPODS: "four" }, `NPODS "four" is not a whole number`],
    [{ __nvm: "-1" }, `--nvm (__nvm) "-1" is not a whole number`],
    [{ __family: "5" }, `--family "5"`],
    [{ __net: "256" }, `--net "256" is not a whole number from 0 to 255`],
    [{ ADRTEMPLATE: "172.16.0.0/16" }, "ADRTEMPLATE: "],
    [{ PREFIX: "1000::" }, 'PREFIX: "1000::" stands before :IPV4, and 1000:::0.0.0.0 is no IPv6 address'],
  ])("%p is refused: %s", (env, message) => {
    expect(() => settingsOf(variablesOf(env as Record<string, string>))).toThrow(message);
  });
});

describe("addresses, by the reference's table", () => {
  const { templates } = settingsOf(variablesOf({}));

  test("of pods; with a name prefix in net 0", () => {
    expect<readonly string[]>(addressesOfPod(templates, "vm-002-ns03")).toEqual([
      "172.16.2.3/24",
      "1000::1:ac10:203/120",
    ]);
    expect<readonly string[]>(addressesOfPod(templates, "br2-vm-001-ns04")).toEqual([
      "172.16.0.4/24",
      "1000::1:ac10:4/120",
    ]);
  });

  test("of bridges, of a number of the list, of what is outside", () => {
    expect<readonly string[]>(netsOf(templates, 2)).toEqual(["172.16.2.0/24", "1000::1:ac10:200/120"]);
    expect<readonly string[]>(shuffledAddresses(templates, 73)).toEqual(["172.16.0.73/24", "1000::1:ac10:49/120"]);
    expect<readonly string[]>(addressesAt(templates, 0, EXTERNAL_HOST)).toEqual([
      "172.16.0.100/24",
      "1000::1:ac10:64/120",
    ]);
  });

  test("of nodes, where IPv6 has /120 as well", () => {
    expect<readonly string[]>(nodeAddresses("1000::1", 1, 2)).toEqual(["192.168.1.2/24", "1000::1:c0a8:102/120"]);
    expect<readonly string[]>(nodeAddresses("fd00:", 3, 1)).toEqual(["192.168.3.1/24", "fd00::c0a8:301/120"]);
  });

  test("of an IPv6 template there is one", () => {
    const one = settingsOf(variablesOf({ ADRTEMPLATE: "fd00::/48/64" })).templates;
    expect<readonly string[]>(addressesOfPod(one, "vm-256-ns300")).toEqual(["fd00:0:0:100::12c/64"]);
  });
});
