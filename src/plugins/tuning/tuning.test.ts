import { describe, expect, test } from "bun:test";
import { printOp } from "../../change/index.ts";
import type { CniError, JsonObject } from "../../cni/index.ts";
import { bridged, callWith, eth0 } from "../_call-fixture.ts";
import { checkAgainst } from "./allowlist.ts";
import { checkTuning, planRestore, planTuning } from "./plan.ts";
import { parseSaved, printSaved } from "./saved.ts";
import { parseTuning } from "./schema.ts";

const plan = (conf: JsonObject, sysctls: Readonly<Record<string, string>> = {}) => {
  const call = callWith(conf);
  return planTuning(parseTuning(call), call, { link: eth0, sysctls: new Map(Object.entries(sysctls)) }, bridged);
};
const fault = (body: () => unknown): { readonly code: number; readonly text: string } => {
  try {
    body();
  } catch (error) {
    const { code, message, details } = error as CniError;
    return { code, text: `${message}; ${details}` };
  }
  return expect.unreachable("it should have failed");
};

describe("the plan", () => {
  test("parameters first, then the interface in one step; the result has the new MAC and MTU", () => {
    const { ops, saved, result } = plan(
      {
        sysctl: { "net.core.somaxconn": "500", "net.ipv4.conf.IFNAME.arp_filter": "1" },
        mac: "02:00:00:00:00:99",
        promisc: true,
        mtu: 1400,
        txQLen: 0,
        allmulti: true,
      },
      { "net/core/somaxconn": "4096", "net/ipv4/conf/eth0/arp_filter": "0" },
    );
    expect(ops.map(printOp)).toEqual([
      "ip netns exec pod sysctl -w net/core/somaxconn=500",
      "ip netns exec pod sysctl -w net/ipv4/conf/eth0/arp_filter=1",
      "ip -n pod link set dev eth0 address 02:00:00:00:00:99",
      "ip -n pod link set dev eth0 promisc on",
      "ip -n pod link set dev eth0 mtu 1400",
      "ip -n pod link set dev eth0 allmulticast on",
      "ip -n pod link set dev eth0 txqueuelen 0",
    ]);
    expect(printSaved(saved ?? {})).toBe(
      [
        "{",
        ' "mac": "02:00:00:00:00:02",',
        ' "promisc": false,',
        ' "mtu": 1500,',
        ' "allmulti": false,',
        ' "txQLen": 1000,',
        ' "network": "net1"',
        "}",
      ].join("\n"),
    );
    expect(result.interfaces?.map(({ mac, mtu }) => [mac, mtu])).toEqual([
      ["02:00:00:00:00:b0", undefined],
      ["02:00:00:00:00:01", undefined],
      ["02:00:00:00:00:99", 1400],
    ]);
  });

  test("nothing is saved where only parameters are set, and nothing done for what says nothing", () => {
    const only = plan({ sysctl: { "net.core.somaxconn": "500" } }, { "net/core/somaxconn": "4096" });
    expect([only.saved, only.ops.length, only.result]).toEqual([undefined, 1, bridged]);
    expect(plan({ promisc: false, mtu: 0, mac: "" }).ops).toEqual([]);
  });

  test("a parameter that the kernel has not", () => {
    expect(fault(() => plan({ sysctl: { "net.core.nonsense": "1" } }))).toEqual({
      code: 102,
      text: 'cannot set net.core.nonsense: the kernel has no such parameter in the container\'s namespace; at sysctl["net.core.nonsense"]: check the spelling (/proc/sys/net/core/nonsense), or load the kernel module that it belongs to',
    });
  });

  test("what was saved comes back one by one, where it differs", () => {
    const saved = parseSaved('{"mac":"02:00:00:00:00:02","mtu":9000,"promisc":false,"txQLen":7,"allmulti":true}');
    expect(planRestore(saved, { ...eth0, promisc: true }).map(printOp)).toEqual([
      "ip -n pod link set dev eth0 promisc off",
      "ip -n pod link set dev eth0 mtu 9000",
      "ip -n pod link set dev eth0 allmulticast on",
      "ip -n pod link set dev eth0 txqueuelen 7",
    ]);
    expect(parseSaved("{")).toEqual({});
    expect(parseSaved('{"mac":"nonsense","mtu":"9000"}')).toEqual({});
  });
});

describe("the configuration", () => {
  const parsed = (conf: JsonObject, args = "") => parseTuning(callWith(conf, { args }));

  test("args.cni wins over runtimeConfig, CNI_ARGS and the plugin's own, in this order", () => {
    const conf = {
      MAC: "02:00:00:00:00:01",
      runtimeConfig: { mac: "02:00:00:00:00:03" },
      args: { cni: { mac: "02:00:00:00:00:04", sysctl: { "net.core.somaxconn": "9" } } },
    };
    const { args, runtimeConfig, ...own } = conf;
    expect(parsed(conf, "MAC=02:00:00:00:00:02").mac as string).toBe("02:00:00:00:00:04");
    expect(parsed({ ...own, runtimeConfig }, "MAC=02:00:00:00:00:02").mac as string).toBe("02:00:00:00:00:03");
    expect(parsed(own, "MAC=02:00:00:00:00:02").mac as string).toBe("02:00:00:00:00:02");
    expect(parsed(own).mac as string).toBe("02:00:00:00:00:01");
    // The reference crashes on parameters in args that has none of its own.
    expect(parsed({ args }).sysctls.map(({ file, value, path }) => [file, value, path])).toEqual([
      ["net/core/somaxconn", "9", 'args.cni.sysctl["net.core.somaxconn"]'],
    ]);
  });

  test("names of interfaces may have dots", () => {
    const call = callWith({ sysctl: { "net.ipv4.conf.IFNAME.arp_filter": "1" } }, { ifname: "eth0.5" });
    expect(parseTuning(call).sysctls[0]?.file).toBe("net/ipv4/conf/eth0.5/arp_filter");
  });

  test.each([
    [
      { sysctl: { "kernel.pid_max": "1" } },
      'invalid network configuration: sysctl["kernel.pid_max"] is "kernel.pid_max", no parameter of the network',
    ],
    [{ sysctl: { "../net.x": "1" } }, "net/x"],
    [{ sysctl: { "net.core.somaxconn": 1 } }, 'at sysctl["net.core.somaxconn"]: write a string'],
    [{ sysctl: { "net.core.x": "1", "net/core/x": "2" } }, 'at sysctl["net/core/x"]: write it once'],
    [{ mtu: -1 }, "at mtu"],
    [{ txQLen: "7" }, "at txQLen: write a whole number"],
    [{ allmulti: 1 }, "at allmulti: write true or false"],
    [{ runtimeConfig: { mac: "zz" } }, "at runtimeConfig.mac"],
  ])("%j is refused", (conf: JsonObject, text) => {
    if (text === "net/x") return expect(parsed(conf).sysctls[0]?.file).toBe("net/x");
    expect(fault(() => parsed(conf))).toMatchObject({ code: 7, text: expect.stringContaining(text) as string });
  });

  test.each([
    ['{"sysctl":{"net.core.x":"1","net.core.x":"1"}}', 'sysctl["net.core.x"] is written twice'],
    ['{"a":{"sysctl":{}},"SysCtl":{"net.x":"{,","n\\u0065t.x":"2"}}', 'at sysctl["net.x"]: write it once'],
    ['{"args":{"cni":{"sysctl":{"net.x":"1","net.x":"2"}}}}', 'at args.cni.sysctl["net.x"]'],
  ])("%s has a key twice", (text, said) => {
    const call = callWith(JSON.parse(text) as JsonObject, { text });
    expect(fault(() => parseTuning(call))).toMatchObject({ code: 7, text: expect.stringContaining(said) as string });
    expect(() => parseTuning({ ...call, command: "DEL" })).not.toThrow();
  });

  test("keys may be the same in different places", () => {
    const text = ' {"sysctl":{"net.x":"1"},"SYSCTL":null,"args":{"cni":{"sysctl":{"net.x":"2"}}}}';
    const { sysctls } = parseTuning(callWith(JSON.parse(text) as JsonObject, { text }));
    expect(sysctls.map(({ value }) => value)).toEqual(["2"]);
  });

  test("DEL and GC read the folder alone", () => {
    const call = callWith({ mtu: "nonsense", sysctl: 5, dataDir: "/tmp/t" }, { command: "DEL", args: "X" });
    expect(parseTuning(call)).toEqual({ sysctls: [], dataDir: "/tmp/t" });
  });
});

describe("the list of what is allowed", () => {
  const { sysctls } = parseTuning(callWith({ sysctl: { "net.ipv4.conf.IFNAME.arp_filter": "1" } }));

  test("expressions match anywhere in the key as it is written", () => {
    expect(() => checkAgainst("net.core.*\n  ^net\\.ipv4\\.conf\\.IFNAME  \n", sysctls)).not.toThrow();
    expect(() => checkAgainst("arp", sysctls)).not.toThrow();
  });

  test("what no line allows is refused, as is a line that is no expression", () => {
    expect(fault(() => checkAgainst("^net\\.core\n", sysctls)).text).toContain("it allows ^net\\.core");
    expect(fault(() => checkAgainst("", sysctls)).text).toContain("it allows nothing");
    expect(fault(() => checkAgainst("x\n(", sysctls)).text).toContain("line 2 is no regular expression");
  });
});

describe("CHECK", () => {
  const conf = parseTuning(
    callWith({ sysctl: { "net.ipv4.tcp_rmem": "4096 87380  6291456" }, mtu: 1500, txQLen: 1000 }),
  );
  const sysctls = new Map([["net/ipv4/tcp_rmem", "4096\t87380\t6291456"]]);

  test("the same words are the same value", () => {
    expect(() => checkTuning(conf, { link: eth0, sysctls })).not.toThrow();
  });

  test.each([
    [{ link: { ...eth0, mtu: 1400 }, sysctls }, "mtu of eth0 is 1400, not 1500; at mtu: somebody changed it after ADD"],
    [{ link: { ...eth0, txQueueLen: 1 }, sysctls }, "txQueueLen of eth0 is 1, not 1000; at txQLen"],
    [{ link: eth0, sysctls: new Map() }, "net.ipv4.tcp_rmem is not there, not 4096 87380"],
  ])("%# is found", (facts, text) => {
    expect(fault(() => checkTuning(conf, facts))).toMatchObject({
      code: 105,
      text: expect.stringContaining(text) as string,
    });
  });
});
