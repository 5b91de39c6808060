import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { c1, failure, id, list, scriptedRuntime } from "./_scripted-runtime.ts";
import { type Scripted, failing } from "./_scripted.ts";
import { add } from "./add.ts";
import { cacheFile, listCached, readCached } from "./cache.ts";
import { del } from "./del.ts";
import { parseList } from "./list.ts";
import type { Runtime } from "./runtime.ts";

let folder: string;
let plugins: Scripted;
let runtime: Runtime;
beforeEach(() => void ({ folder, plugins, runtime } = scriptedRuntime()));
afterEach(() => rmSync(folder, { recursive: true }));

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
