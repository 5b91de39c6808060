import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CniError } from "../error.ts";
import { failing, Scripted } from "./_scripted.ts";
import { add } from "./add.ts";
import { cacheFile, listCached, readCached, writeCached } from "./cache.ts";
import { check } from "./check.ts";
import { del } from "./del.ts";
import { GcError, gc } from "./gc.ts";
import { type NetworkList, parseList } from "./list.ts";
import { type Attachment, type Runtime, openRuntime } from "./runtime.ts";
import { status } from "./status.ts";
import { reportPlugins } from "./validate.ts";

const top = mkdtempSync(join(tmpdir(), "netloom-runtime-"));
afterAll(() => rmSync(top, { recursive: true }));

let plugins: Scripted;
let runtime: Runtime;
let told: string[];
let count = 0;
beforeEach(() => {
  const folder = join(top, String(count++));
  plugins = new Scripted(folder, ["one", "two", "three"]);
  told = [];
  runtime = openRuntime({
    path: ["/nonexistent", plugins.path],
    cacheDir: join(folder, "cache"),
    call: plugins.call,
    tell: (note) => told.push(note),
    patience: 0,
  });
});

const listText = (cniVersion: string, more: object = {}) =>
  JSON.stringify({
    cniVersion,
    name: "n1",
    ...more,
    plugins: [
      { type: "one" },
      { type: "two", name: "second", capabilities: { portMappings: true } },
      { type: "three" },
    ],
  });
const list = (cniVersion = "1.0.0", more: object = {}): NetworkList => parseList(listText(cniVersion, more));
const c1: Attachment = { containerId: "c1", ifname: "eth0", netns: "/run/netns/a" };
const id = { network: "n1", containerId: "c1", ifname: "eth0" };
const names = (value: unknown) => (value as { interfaces: { name: string }[] }).interfaces.map(({ name }) => name);

async function failure(promise: Promise<unknown>): Promise<CniError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof CniError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

describe("ADD", () => {
  test("goes from plugin to plugin, each with the result of the one before", async () => {
    const capabilityArgs = { portMappings: [{ hostPort: 1 }], ips: ["10.0.0.1/8"] };
    const result = await add(runtime, list(), { ...c1, args: [["K", "V"], ["IgnoreUnknown", "1"]], capabilityArgs }); // prettier-ignore
    expect(names(result)).toEqual(["one", "two", "three"]);
    const [one, two, three] = plugins.calls;
    expect(one?.conf).toEqual({ type: "one", cniVersion: "1.0.0", name: "n1" });
    expect(one?.variables).toEqual({
      CNI_COMMAND: "ADD",
      CNI_CONTAINERID: "c1",
      CNI_NETNS: "/run/netns/a",
      CNI_IFNAME: "eth0",
      CNI_ARGS: "K=V;IgnoreUnknown=1",
      CNI_PATH: `/nonexistent:${plugins.path}`,
    });
    expect(names(two?.conf["prevResult"])).toEqual(["one"]);
    expect(two?.conf["runtimeConfig"]).toEqual({ portMappings: [{ hostPort: 1 }] });
    expect(names(three?.conf["prevResult"])).toEqual(["one", "two"]);
    expect(three?.conf["runtimeConfig"]).toBeUndefined();
    const cached = readCached(runtime.cacheDir, id);
    expect(cached).toMatchObject({ kind: "entry", entry: { config: listText("1.0.0"), result, capabilityArgs } });
  });

  test("twice is refused, and the attachment stays as it is", async () => {
    await add(runtime, list(), c1);
    const before = readFileSync(cacheFile(runtime.cacheDir, id), "utf8");
    plugins.take();
    const error = await failure(add(runtime, list(), c1));
    expect(error.code).toBe(101);
    expect(error.details).toStartWith("send DEL first; ");
    expect(plugins.take()).toEqual([]);
    expect(readFileSync(cacheFile(runtime.cacheDir, id), "utf8")).toBe(before);
    await add(runtime, list(), { ...c1, ifname: "eth1" });
  });

  test("that fails is followed by DEL to all that were called, with what is known of the result", async () => {
    plugins.script = ({ type, command }) => (type === "two" && command === "ADD" ? failing("no luck", 11) : undefined);
    const error = await failure(add(runtime, list(), c1));
    expect(error).toMatchObject({
      code: 11,
      message: 'plugin type="two" name="second" failed (add): no luck',
      details: "why",
    });
    expect(names(plugins.calls[2]?.conf["prevResult"])).toEqual(["one"]);
    expect(plugins.take()).toEqual(["ADD one", "ADD two", "DEL two", "DEL one"]);
    expect(told).toEqual(["ADD failed; DEL was sent to undo it: one, two"]);
    expect(readCached(runtime.cacheDir, id)).toEqual({ kind: "none" });
  });

  test("that fails goes on with DEL when a DEL fails, and says so", async () => {
    plugins.script = ({ type }) => (type === "two" ? failing("broken") : undefined);
    await failure(add(runtime, list(), c1));
    expect(plugins.take()).toEqual(["ADD one", "ADD two", "DEL two", "DEL one"]);
    expect(told).toEqual([
      'ADD failed; DEL was sent to undo it (one, two), and failed too: plugin type="two" name="second" failed (delete): broken',
    ]);
  });

  test("that is interrupted is undone", async () => {
    const controller = new AbortController();
    plugins.script = ({ type, command }) => {
      if (type === "two" && command === "ADD") controller.abort(new Error("SIGINT"));
      return undefined;
    };
    expect(await add(runtime, list(), c1, controller.signal).catch(String)).toBe("Error: SIGINT");
    expect(plugins.take()).toEqual(["ADD one", "ADD two", "DEL two", "DEL one"]);
    expect(readCached(runtime.cacheDir, id)).toEqual({ kind: "none" });
  });

  test("that cannot be remembered is undone", async () => {
    writeFileSync(join(plugins.path, "file"), "");
    plugins.script = ({ type, command }) => {
      // The cache's folder becomes a file while the last plugin works.
      if (type === "three" && command === "ADD") writeFileSync(join(runtime.cacheDir, "results"), "");
      return undefined;
    };
    expect((await failure(add(runtime, list(), c1))).code).toBe(106);
    expect(plugins.take().slice(3)).toEqual(["DEL three", "DEL two", "DEL one"]);
  });

  test("calls nobody when an executable is missing, or a name cannot be used", async () => {
    rmSync(join(plugins.path, "three"));
    expect((await failure(add(runtime, list(), c1))).message).toBe("cannot find plugin three");
    expect((await failure(add(runtime, list(), { ...c1, containerId: "" }))).code).toBe(3);
    expect((await failure(add(runtime, list(), { ...c1, containerId: "../x" }))).code).toBe(4);
    expect((await failure(add(runtime, list(), { ...c1, ifname: "a/b" }))).code).toBe(4);
    expect((await failure(add(runtime, list(), { ...c1, netns: "" }))).code).toBe(4);
    expect((await failure(add(runtime, list("9.9.9"), c1))).code).toBe(1);
    expect(plugins.take()).toEqual([]);
  });

  test("takes results of other versions, and none that is no result", async () => {
    plugins.script = ({ type, command }) =>
      type === "one" && command === "ADD"
        ? { stdout: '{"cniVersion":"0.2.0","ip4":{"ip":"10.0.0.2/24","gateway":"10.0.0.1"}}' }
        : undefined;
    await add(runtime, list(), c1);
    expect(plugins.calls[1]?.conf["prevResult"]).toEqual({
      cniVersion: "1.0.0",
      ips: [{ address: "10.0.0.2/24", gateway: "10.0.0.1" }],
    });
    await del(runtime, "n1", list(), c1);
    for (const [stdout, says] of [
      ["", 'plugin type="one" failed (add): it printed no result'],
      ["oops", 'plugin type="one" failed (add): what it printed is no JSON'],
    ]) {
      plugins.script = ({ command }) => (command === "ADD" ? { stdout: stdout ?? "" } : undefined);
      expect((await failure(add(runtime, list(), c1))).message).toBe(says ?? "");
    }
  });

  test("remembers the plugins of the sibling folder, too", async () => {
    const [one, ...others] = list("1.0.0", { disableCheck: true }).plugins;
    if (one === undefined) throw new Error("no plugin");
    const siblings = others.map((plugin) => ({ ...plugin, where: "/etc/cni/net.d/n1/x.conf" }));
    await add(runtime, { ...list("1.0.0", { disableCheck: true }), plugins: [one, ...siblings] }, c1);
    plugins.take();
    const remembered = parseList(listCached(runtime.cacheDir)[0]?.config ?? "");
    expect(remembered).toMatchObject({ name: "n1", loadOnlyInlinedPlugins: true, disableCheck: true });
    await del(runtime, "n1", undefined, c1);
    expect(plugins.take()).toEqual(["DEL three", "DEL two", "DEL one"]);
  });

  test("passes on what plugins say on standard error", async () => {
    plugins.script = ({ type }) => (type === "two" ? { stderr: "careful\n" } : undefined);
    await add(runtime, list(), c1);
    expect(told).toEqual(["careful"]);
  });
});

describe("DEL", () => {
  test("goes backwards, with ADD's result, arguments and capabilities when the caller gives none", async () => {
    const result = await add(runtime, list(), { ...c1, args: [["K", "V"]], capabilityArgs: { portMappings: [1] } });
    plugins.take();
    await del(runtime, "n1", list(), { ...c1, netns: "" });
    expect(plugins.calls.map(({ conf }) => conf["prevResult"])).toEqual([result, result, result]);
    expect(plugins.calls[1]).toMatchObject({
      variables: { CNI_ARGS: "K=V", CNI_NETNS: "/run/netns/a" },
      conf: { runtimeConfig: { portMappings: [1] } },
    });
    expect(plugins.take()).toEqual(["DEL three", "DEL two", "DEL one"]);
    expect(listCached(runtime.cacheDir)).toEqual([]);
  });

  test("takes the caller's arguments when there are some", async () => {
    await add(runtime, list(), { ...c1, args: [["K", "V"]], capabilityArgs: { portMappings: [1] } });
    plugins.take();
    await del(runtime, "n1", list(), { ...c1, args: [["L", "W"]], capabilityArgs: { portMappings: [2] } });
    expect(plugins.calls[1]).toMatchObject({
      variables: { CNI_ARGS: "L=W" },
      conf: { runtimeConfig: { portMappings: [2] } },
    });
  });

  test("goes by the configuration of ADD, unless told otherwise", async () => {
    const changed = parseList('{"cniVersion":"1.0.0","name":"n1","plugins":[{"type":"one"}]}');
    await add(runtime, list(), c1);
    plugins.take();
    await del(runtime, "n1", changed, c1);
    expect(plugins.take()).toHaveLength(3);
    await add(runtime, list(), c1);
    plugins.take();
    await del(runtime, "n1", changed, c1, "given");
    expect(plugins.take()).toEqual(["DEL one"]);
  });

  test("stops at the first failure, and is done again", async () => {
    await add(runtime, list(), c1);
    plugins.take();
    plugins.script = ({ type }) => (type === "two" ? failing("busy") : undefined);
    expect((await failure(del(runtime, "n1", list(), c1))).message).toBe(
      'plugin type="two" name="second" failed (delete): busy',
    );
    expect(plugins.take()).toEqual(["DEL three", "DEL two"]);
    expect(listCached(runtime.cacheDir)).toHaveLength(1);
    plugins.script = () => undefined;
    await del(runtime, "n1", list(), c1);
    await del(runtime, "n1", list(), c1);
    expect(plugins.take()).toHaveLength(6);
    expect(listCached(runtime.cacheDir)).toEqual([]);
  });

  test("without an ADD, and with a cache that cannot be read, has no result to pass on", async () => {
    await del(runtime, "n1", list(), c1);
    expect(plugins.calls[0]?.conf["prevResult"]).toBeUndefined();
    await add(runtime, list(), c1);
    writeFileSync(cacheFile(runtime.cacheDir, id), "{");
    plugins.take();
    await del(runtime, "n1", list(), c1);
    expect(plugins.calls[0]?.conf["prevResult"]).toBeUndefined();
    expect(readCached(runtime.cacheDir, id)).toEqual({ kind: "none" });
    expect(await failure(del(runtime, "n1", undefined, c1))).toMatchObject({
      code: 102,
      message: "nothing is known of network n1",
      details: expect.stringContaining("'netloom cni ls'") as string,
    });
  });

  test("does not trust the path of a process that may be another one now", async () => {
    const netns = `/proc/${process.pid}/ns/net`;
    await add(runtime, list(), { ...c1, netns });
    plugins.take();
    // The result names no interface of ADD in it, so nobody can tell whose namespace it is.
    plugins.script = ({ variables }) => (variables["CNI_NETNS"] === "" ? undefined : failing("somebody else's"));
    await del(runtime, "n1", list(), { ...c1, netns: "" });
    expect(plugins.take()).toHaveLength(3);
  });

  test("knows old results without the rest, and passes none on before 0.4.0", async () => {
    await add(runtime, list(), c1);
    writeFileSync(
      cacheFile(runtime.cacheDir, id),
      '{"cniVersion":"0.3.1","ips":[{"version":"4","address":"10.0.0.2/8"}]}',
    );
    plugins.take();
    await del(runtime, "n1", list(), c1);
    expect(plugins.calls[0]?.conf["prevResult"]).toEqual({ cniVersion: "1.0.0", ips: [{ address: "10.0.0.2/8" }] });
    await add(runtime, list("0.3.1"), c1);
    plugins.take();
    await del(runtime, "n1", undefined, c1);
    expect(plugins.calls[0]?.conf).toEqual({ type: "three", cniVersion: "0.3.1", name: "n1" });
  });
});

describe("CHECK", () => {
  test("goes forwards, with ADD's result and parameters; the first failure ends it", async () => {
    const result = await add(runtime, list(), { ...c1, capabilityArgs: { portMappings: [1] } });
    plugins.take();
    await check(runtime, "n1", list(), c1);
    expect(plugins.calls.map(({ conf }) => conf["prevResult"])).toEqual([result, result, result]);
    expect(plugins.calls[1]?.conf["runtimeConfig"]).toEqual({ portMappings: [1] });
    expect(plugins.take()).toEqual(["CHECK one", "CHECK two", "CHECK three"]);
    plugins.script = ({ type }) => (type === "two" ? failing("gone", 105) : undefined);
    const error = await failure(check(runtime, "n1", list(), c1));
    expect([error.code, error.message]).toEqual([105, 'plugin type="two" name="second" failed (check): gone']);
    expect(plugins.take()).toEqual(["CHECK one", "CHECK two"]);
  });

  test("is refused before ADD and after DEL", async () => {
    expect((await failure(check(runtime, "n1", list(), c1))).code).toBe(3);
    await add(runtime, list(), c1);
    await del(runtime, "n1", list(), c1);
    plugins.take();
    expect((await failure(check(runtime, "n1", list(), c1))).code).toBe(3);
    expect(plugins.take()).toEqual([]);
  });

  test("is refused before 0.4.0, also when disabled; disabled is success without a question", async () => {
    const error = await failure(check(runtime, "n1", list("0.3.1", { disableCheck: true }), c1));
    expect(error.message).toBe('configuration version "0.3.1" does not support the CHECK command');
    await check(runtime, "n1", list("1.0.0", { disableCheck: true }), c1);
    expect(plugins.take()).toEqual([]);
  });
});

describe("GC", () => {
  const other = { ...c1, containerId: "c2" };

  test("sends DEL for what is remembered and not valid, then GC with what is valid", async () => {
    const now = list("1.1.0");
    await add(runtime, now, { ...c1, args: [["K", "V"]], capabilityArgs: { portMappings: [1] } });
    await add(runtime, now, other);
    await add(runtime, parseList('{"cniVersion":"1.1.0","name":"n2","plugins":[{"type":"one"}]}'), c1);
    plugins.take();
    const valid = [{ containerID: "c2", ifname: "eth0" }];
    await gc(runtime, now, valid);
    expect(plugins.calls[1]).toMatchObject({
      variables: { CNI_COMMAND: "DEL", CNI_CONTAINERID: "c1", CNI_NETNS: "/run/netns/a", CNI_ARGS: "K=V" },
      conf: { runtimeConfig: { portMappings: [1] } },
    });
    expect(plugins.calls[3]?.conf).toEqual({
      type: "one",
      cniVersion: "1.1.0",
      name: "n1",
      "cni.dev/valid-attachments": valid,
      "cni.dev/attachments": valid,
    });
    expect(plugins.calls[3]?.variables).toMatchObject({
      CNI_CONTAINERID: "",
      CNI_NETNS: "",
      CNI_IFNAME: "",
      CNI_ARGS: "",
    });
    expect(plugins.take()).toEqual(["DEL three", "DEL two", "DEL one", "GC one", "GC two", "GC three"]);
    expect(listCached(runtime.cacheDir).map((one) => [one.network, one.containerId])).toEqual([
      ["n1", "c2"],
      ["n2", "c1"],
    ]);
  });

  test("goes on after failures and throws them all; what could not be deleted stays remembered", async () => {
    const now = list("1.1.0");
    await add(runtime, now, c1);
    await add(runtime, now, other);
    plugins.take();
    plugins.script = ({ type, command, variables }) =>
      (command === "DEL" && type === "three" && variables["CNI_CONTAINERID"] === "c1") ||
      (command === "GC" && type === "one")
        ? failing("no")
        : undefined;
    const error: unknown = await gc(runtime, now, []).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(GcError);
    expect((error as GcError).message.split("\n")).toEqual([
      'failed to delete stale attachment c1 eth0: plugin type="three" failed (delete): no; why',
      'plugin type="one" failed (gc): no; why',
    ]);
    expect(plugins.take()).toEqual(["DEL three", "DEL three", "DEL two", "DEL one", "GC one", "GC two", "GC three"]);
    expect(listCached(runtime.cacheDir).map(({ containerId }) => containerId)).toEqual(["c1"]);
  });

  test("where what is remembered cannot be read, asks the plugins only what the caller knows to be valid", async () => {
    mkdirSync(runtime.cacheDir, { recursive: true });
    symlinkSync("results", join(runtime.cacheDir, "results"));
    for (const [valid, asked] of [
      [[], ["GC one", "GC two", "GC three"]],
      [() => [], []],
    ] as const) {
      const error: unknown = await gc(runtime, list("1.1.0"), valid).catch((one: unknown) => one);
      expect(error).toBeInstanceOf(GcError);
      expect((error as GcError).message).toContain(join(runtime.cacheDir, "results"));
      expect(plugins.take()).toEqual(asked);
    }
  });

  test("without a set everything of the network goes, and plugins are told no set", async () => {
    await add(runtime, list("1.1.0"), c1);
    plugins.take();
    await gc(runtime, list("1.1.0"));
    expect(plugins.calls[3]?.conf).toEqual({ type: "one", cniVersion: "1.1.0", name: "n1" });
  });

  test("is only DEL before 1.1.0, and nothing when disabled", async () => {
    await add(runtime, list(), c1);
    plugins.take();
    await gc(runtime, list("1.1.0", { disableGC: true }), []);
    expect(plugins.take()).toEqual([]);
    await gc(runtime, list(), []);
    expect(plugins.take()).toEqual(["DEL three", "DEL two", "DEL one"]);
  });

  test("deletes also attachments whose list has no plugin any more", async () => {
    writeCached(runtime.cacheDir, { ...id, config: "", args: [] });
    await gc(runtime, list(), []);
    expect(plugins.take()).toEqual(["DEL three", "DEL two", "DEL one"]);
    expect(listCached(runtime.cacheDir)).toEqual([]);
  });
});

describe("STATUS", () => {
  test("asks each plugin from 1.1.0 on; the first that is not ready ends it with its code", async () => {
    await status(runtime, list("1.0.0"));
    expect(plugins.take()).toEqual([]);
    await status(runtime, list("1.1.0"));
    expect(plugins.take()).toEqual(["STATUS one", "STATUS two", "STATUS three"]);
    plugins.script = ({ type }) => (type === "two" ? failing("full", 50) : undefined);
    expect(await failure(status(runtime, list("1.1.0")))).toMatchObject({ code: 50, details: "why" });
    expect(plugins.take()).toEqual(["STATUS one", "STATUS two"]);
  });
});

test("an executable that is missing is an error of every operation", async () => {
  const now = list("1.1.0");
  await add(runtime, now, c1);
  rmSync(join(plugins.path, "three"));
  for (const operation of [
    () => del(runtime, "n1", now, c1),
    () => check(runtime, "n1", now, c1),
    () => status(runtime, now),
    () => add(runtime, now, { ...c1, containerId: "c2" }),
  ])
    expect((await failure(operation())).message).toContain("cannot find plugin three");
  const collected: unknown = await gc(runtime, now, []).catch((one: unknown) => one);
  expect((collected as GcError).message).toContain("cannot find plugin three");
  expect(listCached(runtime.cacheDir)).toHaveLength(1);
});

describe("what a failed plugin says", () => {
  test.each([
    [{ code: 1, stdout: "", stderr: "" }, "said nothing"],
    [{ code: 139, stdout: "", stderr: "" }, "signal 11"],
    [{ code: 2, stdout: "", stderr: "panic: oh" }, "(exit code 2)"],
    [{ code: 1, stdout: "not json", stderr: "" }, "without an error object"],
  ])("%p", async (answer, says) => {
    plugins.script = () => answer;
    const error = await failure(del(runtime, "n1", list(), c1));
    expect(error.code).toBe(107);
    expect(error.message).toContain(says);
  });
});

test("plugins are reported with their versions, or why they cannot be asked", async () => {
  rmSync(join(plugins.path, "three"));
  plugins.script = ({ type }) =>
    type === "one"
      ? { stdout: '{"cniVersion":"1.0.0","supportedVersions":["0.4.0","1.0.0"]}' }
      : failing("unknown CNI_COMMAND: VERSION", 999);
  expect(await reportPlugins(runtime, list())).toEqual([
    { type: "one", file: join(plugins.path, "one"), versions: ["0.4.0", "1.0.0"], fits: true },
    { type: "two", file: join(plugins.path, "two"), versions: ["0.1.0"], fits: false },
    { type: "three", versions: [], fits: false, problem: expect.any(CniError) as CniError },
  ]);
  expect(plugins.calls[0]).toMatchObject({
    conf: { cniVersion: "1.1.0" },
    variables: { CNI_NETNS: "dummy", CNI_PATH: "dummy" },
  });
});
