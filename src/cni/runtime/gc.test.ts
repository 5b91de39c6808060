import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { c1, id, list, scriptedRuntime } from "./_scripted-runtime.ts";
import { type Scripted, failing } from "./_scripted.ts";
import { add } from "./add.ts";
import { listCached, writeCached } from "./cache.ts";
import { GcError, gc } from "./gc.ts";
import { parseList } from "./list.ts";
import type { Runtime } from "./runtime.ts";

let folder: string;
let plugins: Scripted;
let runtime: Runtime;
beforeEach(() => void ({ folder, plugins, runtime } = scriptedRuntime()));
afterEach(() => rmSync(folder, { recursive: true }));

describe("GC", () => {
  const other = { ...c1, containerId: "c2" };

  test("sends DEL for what is remembered and not valid, then GC with what is valid", async () => {
    const now = list("1.1.0");
    await add(runtime, now, { ...c1, args: [["K", "V"]], capabilityArgs: { portMappings: [1] } });
    await add(runtime, now, other);
    await add(runtime, parseList('{"cniVersion":"1.1.0","name":"n2","plugins":[{"type":"one"}]}'), {
      ...c1,
      ifname: "eth1",
    });
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
