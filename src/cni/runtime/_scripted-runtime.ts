/** For tests: a runtime with three plugins that answer by a script, and what is called by it. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CniError } from "../error.ts";
import { Scripted } from "./_scripted.ts";
import { type NetworkList, parseList } from "./list.ts";
import { type Attachment, type Runtime, openRuntime } from "./runtime.ts";

interface ScriptedRuntime {
  /** The caller's to delete. */
  readonly folder: string;
  readonly plugins: Scripted;
  readonly runtime: Runtime;
  /** What it was told. */
  readonly told: string[];
}

export function scriptedRuntime(): ScriptedRuntime {
  const folder = mkdtempSync(join(tmpdir(), "netloom-runtime-"));
  const plugins = new Scripted(folder, ["one", "two", "three"]);
  const told: string[] = [];
  const runtime = openRuntime({
    path: ["/nonexistent", plugins.path],
    cacheDir: join(folder, "cache"),
    call: plugins.call,
    tell: (note) => told.push(note),
    patience: 0,
  });
  return { folder, plugins, runtime, told };
}

export const listText = (cniVersion: string, more: object = {}) =>
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
export const list = (cniVersion = "1.0.0", more: object = {}): NetworkList => parseList(listText(cniVersion, more));
export const c1: Attachment = { containerId: "c1", ifname: "eth0", netns: "/run/netns/a" };
export const id = { network: "n1", containerId: "c1", ifname: "eth0" };

/** What an operation fails with. */
export async function failure(promise: Promise<unknown>): Promise<CniError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof CniError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
