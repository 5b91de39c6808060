/** Plugins for tests: files that findPlugin finds, and a caller that writes down each call and answers by a script. */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { JsonObject } from "../plugin.ts";
import type { CallPlugin, PluginAnswer, PluginCall } from "./call.ts";

export interface Recorded {
  readonly type: string;
  readonly command: string;
  readonly variables: PluginCall["variables"];
  readonly conf: JsonObject;
}

/** Answers to one call; ADD's default is a result that names the plugin. */
export type Script = (call: Recorded) => Partial<PluginAnswer> | undefined;

export class Scripted {
  readonly calls: Recorded[] = [];
  readonly path: string;
  script: Script = () => undefined;

  constructor(folder: string, types: readonly string[]) {
    this.path = join(folder, "bin");
    mkdirSync(this.path, { recursive: true });
    for (const type of types) writeFileSync(join(this.path, type), "");
  }

  readonly call: CallPlugin = ({ file, variables, stdin }) => {
    const conf = JSON.parse(stdin) as JsonObject;
    const one: Recorded = { type: basename(file), command: variables["CNI_COMMAND"] ?? "", variables, conf };
    this.calls.push(one);
    const stdout = one.command === "ADD" ? JSON.stringify(resultAfter(one)) : "";
    return Promise.resolve({ code: 0, stdout, stderr: "", ...this.script(one) });
  };

  /** The calls since the last time, as `ADD bridge`. */
  take(): readonly string[] {
    return this.calls.splice(0).map(({ command, type }) => `${command} ${type}`);
  }
}

/** The result before with one more interface: the chain can be read from it. */
function resultAfter({ type, conf }: Recorded): JsonObject {
  const before = (conf["prevResult"] ?? {}) as { readonly interfaces?: readonly JsonObject[] };
  return { cniVersion: conf["cniVersion"], interfaces: [...(before.interfaces ?? []), { name: type }] };
}

/** An answer that says no. */
export function failing(msg: string, code = 100): Partial<PluginAnswer> {
  return { code: 1, stdout: JSON.stringify({ cniVersion: "1.0.0", code, msg, details: "why" }) };
}
