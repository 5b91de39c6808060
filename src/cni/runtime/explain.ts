import type { Op } from "../../change/index.ts";
import { callOf, parseConf } from "../call.ts";
import { printResult } from "../convert.ts";
import { readEnvironment } from "../environment.ts";
import { CniError } from "../error.ts";
import { findPlugin, isThisExecutable } from "../find.ts";
import type { JsonObject } from "../plugin.ts";
import { toCniError } from "../print-error.ts";
import type { Served } from "../serve.ts";
import { dispatch } from "../work.ts";
import { DryKernel } from "./dry-kernel.ts";
import { DryWork, unexplained } from "./dry-work.ts";
import type { Own } from "./in-process.ts";
import type { ListedPlugin, NetworkList } from "./list.ts";
import { AskedKeys } from "./misspelt.ts";
import { requestConfig } from "./request.ts";
import { type Attachment, type Runtime, find, idOf, versionOf } from "./runtime.ts";

/**
 * How a plugin would be called: within this process, as a process of its own, or not at all because there is no executable.
 * `likeOurs` tells that what follows is what netloom's plugin of that name does.
 */
export interface CalledPlugin {
  readonly type: string;
  readonly how: "in-process" | "exec" | "missing";
  readonly file?: string;
  readonly likeOurs: boolean;
  /** By which plugin, if another asks for it. */
  readonly by?: string;
}

/** One thing that ADD would do, in order. */
export type ExplainedStep =
  | { readonly kind: "plugin"; readonly plugin: CalledPlugin }
  | { readonly kind: "op"; readonly op: Op }
  | { readonly kind: "note"; readonly text: string };

export interface Explanation {
  readonly steps: readonly ExplainedStep[];
  /** ADD's result; absent where it is not known. */
  readonly result?: JsonObject;
  /** Why it would fail, or why no more can be said. */
  readonly failure?: CniError;
}

export interface ExplainOptions extends Own, Pick<Runtime, "path" | "missing"> {
  /** `this host` with its devices and addresses, or one that has none. */
  readonly like: "this host" | "an empty host";
}

/** What ADD would do, without doing it: the plugins work on a kernel in memory. @throws {CniError} for names and versions that cannot be used */
export async function explain(
  list: NetworkList,
  attachment: Attachment,
  options: ExplainOptions,
): Promise<Explanation> {
  idOf(list.name, attachment);
  const version = versionOf(list);
  const steps: ExplainedStep[] = [];
  using kernel = new DryKernel(options.like, (op) => steps.push({ kind: "op", op }));
  const note = (text: string): void => void steps.push({ kind: "note", text });
  let result: JsonObject | undefined;
  try {
    for (const plugin of list.plugins) {
      const served = look(plugin.type, undefined, options, steps);
      if (served === undefined) {
        find(options, plugin.type); // Without it, ADD fails before anything is called.
        if (result === undefined && plugin !== list.plugins.at(-1)) throw unexplained(plugin.type);
        note(
          `what ${plugin.type} does is its own${result === undefined ? "" : "; the result is taken to stay as it is"}`,
        );
        continue;
      }
      const text = textFor(list, plugin, attachment, result);
      const call = callOf(environmentOf(attachment, options), parseConf(text), served.versions, note);
      const load = async (type: string) => look(type, plugin.type, options, steps)?.load();
      const loaded = await served.load();
      const asked = new AskedKeys();
      const work = new DryWork(call, kernel, load, note);
      const answer = await asked
        .during(() => dispatch(loaded, { ...call, text }, work))
        .finally(() => {
          for (const { path, meant } of asked.misspeltIn(call.conf))
            note(`nobody reads ${path}; did you mean ${meant}?`);
        });
      result = JSON.parse(JSON.stringify(printResult(answer ?? {}, version))) as JsonObject;
    }
    return { steps, ...(result === undefined ? {} : { result }) };
  } catch (error) {
    return { steps, failure: toCniError(error) };
  }
}

/** By what a plugin is explained, told as a step. */
function look(
  type: string,
  by: string | undefined,
  options: ExplainOptions,
  steps: ExplainedStep[],
): Served | undefined {
  const file = fileOf(type, options.path);
  const served = options.served(type);
  const own = file !== undefined && served !== undefined && (options.isOwn ?? isThisExecutable)(file);
  const how = file === undefined ? "missing" : own ? "in-process" : "exec";
  steps.push({
    kind: "plugin",
    plugin: {
      type,
      how,
      likeOurs: served !== undefined,
      ...(file === undefined ? {} : { file }),
      ...(by === undefined ? {} : { by }),
    },
  });
  return served;
}

function fileOf(type: string, path: readonly string[]): string | undefined {
  try {
    return findPlugin(type, path);
  } catch (error) {
    if (error instanceof CniError) return undefined;
    throw error;
  }
}

function environmentOf({ containerId, netns, ifname, args = [] }: Attachment, { path }: ExplainOptions) {
  return readEnvironment({
    CNI_COMMAND: "ADD",
    CNI_CONTAINERID: containerId,
    CNI_NETNS: netns,
    CNI_IFNAME: ifname,
    CNI_ARGS: args.map(([key, value]) => `${key}=${value}`).join(";"),
    CNI_PATH: path.join(":"),
  });
}

function textFor(
  list: NetworkList,
  plugin: ListedPlugin,
  { capabilityArgs }: Attachment,
  result: JsonObject | undefined,
): string {
  return requestConfig(list, plugin, {
    ...(capabilityArgs === undefined ? {} : { capabilityArgs }),
    ...(result === undefined ? {} : { prevResult: JSON.stringify(result) }),
  });
}
