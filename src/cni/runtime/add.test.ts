import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../plugin.ts";
import { c1, failure, id, list, listText, scriptedRuntime } from "./_scripted-runtime.ts";
import { type Scripted, failing } from "./_scripted.ts";
import { add } from "./add.ts";
import { cacheFile, listCached, readCached } from "./cache.ts";
import { del } from "./del.ts";
import { parseList } from "./list.ts";
import { RuntimeLock } from "./lock.ts";
import type { Runtime } from "./runtime.ts";

let folder: string;
let plugins: Scripted;
let runtime: Runtime;
let told: string[];
beforeEach(() => void ({ folder, plugins, runtime, told } = scriptedRuntime()));
afterEach(() => rmSync(folder, { recursive: true }));

const names = (value: unknown) => (value as { interfaces: { name: string }[] }).interfaces.map(({ name }) => name);

describe("ADD", () => {
  test("goes from plugin to plugin, each with the result of the one before", async () => {
    const capabilityArgs = { portMappings: [{ hostPort: 1 }], ips: ["10.0.0.1/8"] };
    const result = await add(runtime, list(), {
      ...c1,
      args: [
        ["K", "V"],
        ["IgnoreUnknown", "1"],
      ],
      capabilityArgs,
    });
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

  test("of an interface that another network has is refused, and so is one that cannot be read of", async () => {
    const other = parseList(listText("1.0.0").replace('"n1"', '"n2-x"'));
    await add(runtime, other, c1);
    await add(runtime, list(), { ...c1, containerId: "x-c1" }); // its file ends in -c1-eth0, too
    const before = readFileSync(cacheFile(runtime.cacheDir, { ...id, network: "n2-x" }), "utf8");
    plugins.take();
    expect(await failure(add(runtime, list(), c1))).toMatchObject({
      code: 101,
      message: "c1 is attached to network n2-x as eth0 already",
      details: `name another interface, or send DEL first; ${cacheFile(runtime.cacheDir, { ...id, network: "n2-x" })} remembers that ADD`,
    });
    await del(runtime, "n2-x", other, c1);
    writeFileSync(cacheFile(runtime.cacheDir, id), before.slice(0, 20));
    plugins.take();
    const { code, details } = await failure(add(runtime, list(), c1));
    expect(code).toBe(101);
    expect(details).toStartWith(
      `send DEL first; ${cacheFile(runtime.cacheDir, id)} remembers that ADD, and cannot be read: `,
    );
    expect(plugins.take()).toEqual([]); // no DEL, which would take away what is there
    await del(runtime, "n1", list(), c1);
    await add(runtime, list(), c1);
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
    expect(await add(runtime, list(), c1, { signal: controller.signal }).catch(String)).toBe("Error: SIGINT");
    expect(plugins.take()).toEqual(["ADD one", "ADD two", "DEL two", "DEL one"]);
    expect(readCached(runtime.cacheDir, id)).toEqual({ kind: "none" });
  });

  test("that is interrupted while a plugin keeps the process busy is undone, too", async () => {
    const controller = new AbortController();
    plugins.script = ({ type, command }) => {
      if (type === "two" && command === "ADD") setImmediate(() => controller.abort(new Error("SIGTERM")));
      return undefined;
    };
    expect(await add(runtime, list(), c1, { signal: controller.signal }).catch(String)).toBe("Error: SIGTERM");
    expect(plugins.take()).toEqual(["ADD one", "ADD two", "DEL two", "DEL one"]);
  });

  test("that is interrupted while it waits for its turn calls nobody", async () => {
    using _busy = await RuntimeLock.container(runtime.cacheDir, "c1");
    const controller = new AbortController();
    const waiting = add({ ...runtime, patience: 60_000 }, list(), c1, { signal: controller.signal }).catch(String);
    controller.abort(new Error("SIGINT"));
    expect(await waiting).toBe("Error: SIGINT");
    expect(plugins.take()).toEqual([]);
  });

  test("whose result nobody takes is undone and forgotten", async () => {
    const heard: unknown[] = [];
    const answer = (result: JsonObject): void => {
      heard.push(result, readCached(runtime.cacheDir, id).kind);
      throw new Error("nobody listens");
    };
    expect(await add(runtime, list(), c1, { answer }).catch(String)).toBe("Error: nobody listens");
    expect(heard).toMatchObject([{ cniVersion: "1.0.0" }, "entry"]);
    expect(names(plugins.calls[3]?.conf["prevResult"])).toEqual(["one", "two", "three"]);
    expect(plugins.take().slice(3)).toEqual(["DEL three", "DEL two", "DEL one"]);
    expect(readCached(runtime.cacheDir, id)).toEqual({ kind: "none" });
  });

  test("that cannot be undone wholly stays remembered for DEL", async () => {
    plugins.script = ({ type, command }) => (type === "two" && command === "DEL" ? failing("broken") : undefined);
    const answer = (): never => {
      throw new Error("nobody listens");
    };
    expect(await add(runtime, list(), c1, { answer }).catch(String)).toBe("Error: nobody listens");
    plugins.script = () => undefined;
    plugins.take();
    await del(runtime, "n1", undefined, c1);
    expect(plugins.take()).toEqual(["DEL three", "DEL two", "DEL one"]);
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

  test("of a container whose name is too long for a file is undone, and DEL of it succeeds", async () => {
    const long = { ...c1, containerId: "c".repeat(300) };
    const { code, message } = await failure(add(runtime, list(), long));
    expect([code, message]).toEqual([106, expect.stringMatching(/^remember the attachment in .*ENAMETOOLONG/)]);
    expect(plugins.take().slice(3)).toEqual(["DEL three", "DEL two", "DEL one"]);
    told.length = 0;
    await del(runtime, "n1", list(), long);
    expect(told).toEqual([]);
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
      [
        '{"cniVersion":"1.0.0","ips":[{"address":"10.1"}]}',
        'plugin type="one" failed (add): its result cannot be used: address cannot be read',
      ],
    ]) {
      plugins.script = ({ command }) => (command === "ADD" ? { stdout: stdout ?? "" } : undefined);
      expect((await failure(add(runtime, list(), c1))).message).toStartWith(says ?? "none");
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
