import { describe, expect, test } from "bun:test";
import { CniError } from "./error.ts";
import type { Call, Plugin, Work } from "./plugin.ts";
import type { Result } from "./result.ts";
import { type Io, serve } from "./serve.ts";
import { specVersions, versionsFrom } from "./version.ts";

/** A plugin that does nothing and writes down what it was called with. */
class Noted implements Plugin {
  readonly name = "noted";
  readonly about = "";
  readonly versions = specVersions;
  withoutKernel?: true = true;
  readonly calls: Call[] = [];
  failure: unknown;
  parse(call: Call): Call {
    this.calls.push(call);
    return call;
  }
  add(_: unknown, call: Call, work: Work): Result {
    work.undo("first", () => void this.undone.push("first"));
    work.undo("second", () => {
      this.undone.push("second");
      if (this.undoFails) throw new Error("the disk is gone");
    });
    if (this.failure !== undefined) throw this.failure;
    return call.prevResult ?? { ips: [] };
  }
  undoFails = false;
  readonly undone: string[] = [];
  del(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}

/** One that works in the container. */
function entering(): Noted {
  const plugin = new Noted();
  delete plugin.withoutKernel;
  return plugin;
}

const whole = {
  CNI_COMMAND: "ADD",
  CNI_CONTAINERID: "c1",
  CNI_NETNS: "/proc/thread-self/ns/net",
  CNI_NETNS_OVERRIDE: "1",
  CNI_IFNAME: "eth0",
};
const conf = { cniVersion: "1.0.0", name: "n1", type: "noted" };

interface Said {
  readonly code: number;
  readonly out: unknown;
  readonly log: readonly string[];
  readonly plugin: Noted;
}

async function call(
  env: Io["env"],
  stdin: unknown,
  plugin = new Noted(),
  versions = specVersions.slice(),
  write?: Io["write"],
): Promise<Said> {
  const documents: string[] = [];
  const log: string[] = [];
  const io: Io = {
    env,
    read: () => (typeof stdin === "string" ? stdin : JSON.stringify(stdin)),
    write: write ?? ((document) => void documents.push(document)),
    log: (line) => void log.push(line),
  };
  const served = { name: "noted", versions, load: () => Promise.resolve(plugin), find: () => undefined };
  const code = await serve(served, io);
  expect(documents.length).toBeLessThanOrEqual(1);
  return { code, out: documents[0] === undefined ? undefined : (JSON.parse(documents[0]) as unknown), log, plugin };
}

const error = async (env: Io["env"], stdin: unknown, plugin?: Noted): Promise<Record<string, unknown>> => {
  const said = await call(env, stdin, plugin);
  expect(said.code).toBe(1);
  return said.out as Record<string, unknown>;
};

describe("a call that is whole", () => {
  test("reaches the plugin", async () => {
    const said = await call({ ...whole, CNI_ARGS: "A=B", CNI_PATH: "/x:/y" }, { ...conf, more: 1 });
    expect(said.code).toBe(0);
    expect(said.out).toEqual({ cniVersion: "1.0.0" });
    expect(said.plugin.calls).toEqual([
      {
        command: "ADD",
        containerId: "c1",
        netns: "/proc/thread-self/ns/net",
        ifname: "eth0",
        args: "A=B",
        path: ["/x", "/y"],
        version: "1.0.0",
        network: "n1",
        conf: { ...conf, more: 1 },
        text: JSON.stringify({ ...conf, more: 1 }),
      },
    ]);
    expect(said.plugin.undone).toEqual([]);
  });

  test("keys in any case, no version at all", async () => {
    const said = await call({ ...whole, CNI_COMMAND: "DEL" }, { NAME: "n1", Type: "noted" });
    expect([said.code, said.out, said.plugin.calls[0]?.version]).toEqual([0, undefined, "0.1.0"]);
  });

  test("prevResult of any version is read, and printed in the configuration's", async () => {
    const prevResult = { cniVersion: "0.3.1", IPs: [{ version: "4", address: "10.0.0.2/8" }], dns: {} };
    const said = await call(whole, { ...conf, prevResult });
    expect(said.plugin.calls[0]?.prevResult).toEqual({ ips: [{ address: "10.0.0.2/8" as never }] });
    expect(said.out).toEqual({ cniVersion: "1.0.0", ips: [{ address: "10.0.0.2/8" }] });
  });

  test("a command that the plugin does not have succeeds silently", async () => {
    for (const CNI_COMMAND of ["CHECK", "STATUS", "GC"]) {
      const said = await call({ ...whole, CNI_COMMAND }, { ...conf, cniVersion: "1.1.0" });
      expect([CNI_COMMAND, said.code, said.out]).toEqual([CNI_COMMAND, 0, undefined]);
    }
  });

  test("GC: both keys of valid attachments; none at all is not the same as an empty list", async () => {
    const valid = [{ containerID: "c1", ifname: "eth0" }];
    const gc = async (more: object): Promise<unknown> =>
      (await call({ CNI_COMMAND: "GC" }, { ...conf, cniVersion: "1.1.0", ...more })).plugin.calls[0]?.valid;
    expect(await gc({ "cni.dev/valid-attachments": valid })).toEqual(valid);
    expect(await gc({ "cni.dev/attachments": valid })).toEqual(valid);
    expect(await gc({ "cni.dev/valid-attachments": [], "cni.dev/attachments": valid })).toEqual([]);
    expect(await gc({})).toBeUndefined();
  });
});

describe("the order of checks", () => {
  const wrong = { cniVersion: "9.9.9", name: "a/b" };
  test("an invalid variable, a missing one, the JSON, the name, the version, the command", async () => {
    expect(await error({ CNI_COMMAND: "FOO", CNI_IFNAME: "a/b" }, "{")).toMatchObject({
      code: 4,
      msg: expect.stringContaining("CNI_IFNAME"),
    });
    expect(await error({ CNI_COMMAND: "ADD" }, "{")).toMatchObject({
      code: 4,
      msg: expect.stringContaining("CNI_CONTAINERID, CNI_NETNS, CNI_IFNAME are not set"),
    });
    expect(await error({ CNI_COMMAND: "FOO" }, "{")).toMatchObject({ code: 6 });
    expect(await error({ CNI_COMMAND: "FOO" }, wrong)).toMatchObject({
      code: 7,
      msg: 'invalid network configuration: name is "a/b"',
    });
    expect(await error({ CNI_COMMAND: "FOO" }, { ...wrong, name: "n" })).toMatchObject({
      code: 1,
      cniVersion: "9.9.9",
    });
    expect(await error({ CNI_COMMAND: "FOO" }, conf)).toMatchObject({ code: 4, msg: 'unknown CNI_COMMAND "FOO"' });
  });
});

describe("configurations that cannot be used", () => {
  for (const [stdin, code, msg] of [
    ["", 6, "cannot read the network configuration: it is empty"],
    ['{"name":', 6, "cannot read the network configuration: JSON Parse error: Unexpected EOF"],
    ["\0\x01\x02", 6, "cannot read the network configuration: "],
    ["[1]", 6, "cannot read the network configuration: it is no JSON object"],
    ["null", 6, "cannot read the network configuration: it is no JSON object"],
    ['{"cniVersion":"1.0.0"}', 7, "invalid network configuration: name is missing"],
    ['{"cniVersion":"1.0.0","name":""}', 7, "invalid network configuration: name is missing"],
    ['{"cniVersion":"1.0.0","name":5}', 7, "invalid network configuration: name is 5, not a string"],
    ['{"cniVersion":"1.0","name":"n"}', 1, 'incompatible CNI version "1.0" in the network configuration'],
    ['{"cniVersion":"x","name":"n"}', 6, 'cannot read version "x"'],
    ['{"cniVersion":1,"name":"n"}', 7, "invalid network configuration: cniVersion is 1, not a string"],
    [
      '{"cniVersion":"1.0.0","name":"n","prevResult":{"ips":5}}',
      7,
      "invalid network configuration: ips is 5, not a list",
    ],
  ] as const)
    test(JSON.stringify(stdin), async () => {
      expect(await error(whole, stdin)).toMatchObject({ code, msg: expect.stringContaining(msg) });
    });

  test("garbage is not printed back at length", async () => {
    const { msg } = await error(whole, "g".repeat(1_000_000));
    expect((msg as string).length).toBeLessThan(300);
  });

  test("DEL goes on without a prevResult that cannot be read, and says so", async () => {
    const said = await call({ ...whole, CNI_COMMAND: "DEL" }, { ...conf, prevResult: { cniVersion: "7.0.0" } });
    expect([said.code, said.plugin.calls[0]?.prevResult]).toEqual([0, undefined]);
    expect(said.log[0]).toStartWith("noted: prevResult is passed over: ");
  });
});

describe("versions", () => {
  for (const [command, version, since] of [
    ["CHECK", "0.3.1", "0.4.0"],
    ["STATUS", "1.0.0", "1.1.0"],
    ["GC", "1.0.0", "1.1.0"],
    ["CHECK", undefined, "0.4.0"],
  ] as const)
    test(`${command} in ${version ?? "a configuration without one"}`, async () => {
      const { cniVersion: _, ...rest } = conf;
      expect(
        await error({ ...whole, CNI_COMMAND: command }, { ...rest, ...(version && { cniVersion: version }) }),
      ).toMatchObject({
        code: 1,
        details: `cniVersion: ${command} is there since ${since}`,
      });
    });

  test("one that this plugin does not have", async () => {
    const said = await call(whole, { ...conf, cniVersion: "0.3.1" }, new Noted(), versionsFrom("0.4.0").slice());
    expect(said.out).toMatchObject({
      cniVersion: "0.3.1",
      code: 1,
      details: "cniVersion: this plugin supports 0.4.0, 1.0.0, 1.1.0",
    });
  });
});

describe("namespaces", () => {
  const own = { ...whole, CNI_NETNS_OVERRIDE: "" };
  test("the plugin's own is refused before anything is done", async () => {
    for (const CNI_COMMAND of ["ADD", "CHECK", "DEL"]) {
      const said = await call({ ...own, CNI_COMMAND }, conf);
      expect(said.out).toMatchObject({
        code: 8,
        msg: `cannot ${CNI_COMMAND}: /proc/thread-self/ns/net is the plugin's own network namespace`,
      });
      expect(said.plugin.calls).toEqual([]);
    }
  });

  test("ADD and CHECK need one to work in, DEL does without", async () => {
    for (const [CNI_NETNS, why] of [
      ["/run/no/such", "there is no such file"],
      ["/etc/passwd", "no namespace is behind it"],
      ["/proc/self/status", "no namespace is behind it"],
    ] as const) {
      for (const CNI_COMMAND of ["ADD", "CHECK"])
        expect(await error({ ...own, CNI_NETNS, CNI_COMMAND }, conf, entering())).toMatchObject({
          code: 102,
          msg: `cannot ${CNI_COMMAND}: network namespace ${CNI_NETNS}: ${why}`,
        });
      expect((await call({ ...own, CNI_NETNS, CNI_COMMAND: "DEL" }, conf, entering())).code).toBe(0);
    }
    expect((await call({ ...own, CNI_NETNS: "", CNI_COMMAND: "DEL" }, conf)).code).toBe(0);
  });

  test("who does not go there needs none", async () => {
    for (const CNI_NETNS of ["/run/no/such", "/dev/null"])
      for (const CNI_COMMAND of ["ADD", "CHECK"])
        expect((await call({ ...own, CNI_NETNS, CNI_COMMAND }, conf)).code).toBe(0);
  });
});

describe("an ADD that fails", () => {
  test("is undone, the last step first", async () => {
    const plugin = new Noted();
    plugin.failure = new CniError(103, "no address is left", "at ipam.subnet: make it larger");
    expect(await error(whole, conf, plugin)).toEqual({
      cniVersion: "1.0.0",
      code: 103,
      msg: "no address is left",
      details: "at ipam.subnet: make it larger",
    });
    expect(plugin.undone).toEqual(["second", "first"]);
  });

  test("says what is left, and undoes the rest", async () => {
    const plugin = new Noted();
    plugin.failure = new TypeError("x is not a function");
    plugin.undoFails = true;
    const said = await call(whole, conf, plugin);
    expect(said.out).toEqual({
      cniVersion: "1.0.0",
      code: 199,
      msg: "netloom failed: x is not a function",
      details: "this is a fault of netloom; left behind, because it could not be undone: second: the disk is gone",
    });
    expect(said.log).toEqual(["noted: cannot undo: second: the disk is gone"]);
    expect(plugin.undone).toEqual(["second", "first"]);
  });

  test("so does one whose result the version cannot say", async () => {
    const plugin = new Noted();
    expect(await error(whole, { ...conf, cniVersion: "0.2.0" }, plugin)).toMatchObject({
      code: 1,
      msg: "cannot answer in CNI 0.2.0: the result has no address",
    });
    expect(plugin.undone).toEqual(["second", "first"]);
  });

  test("so does one whose result nobody takes", async () => {
    const plugin = new Noted();
    const said = await call(whole, conf, plugin, undefined, () => {
      throw new CniError(5, "cannot write to standard output: there is no room");
    });
    expect([said.code, said.log]).toEqual([1, ["noted: cannot write to standard output: there is no room"]]);
    expect(plugin.undone).toEqual(["second", "first"]);
  });
});
