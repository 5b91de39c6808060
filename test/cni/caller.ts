/** Calls a chain of plugins in a box as a runtime does: ADD and CHECK in order, DEL in reverse, results handed on. */
import type { Box } from "./box.ts";
import type { CallStep, Conf } from "./case.ts";
import type { PluginFolder } from "./plugin-folders.ts";

/** Where the plugins of a box are found: one link for each, so that a chain may be mixed. */
export const pluginPath = "/run/netloom-plugins";

export interface Answer {
  readonly type: string;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Puts links to the plugins into a box: those of `under`'s names from `first`, the others from `rest`. */
export function supply(box: Box, first: PluginFolder, rest: PluginFolder, under?: readonly string[]): void {
  const link = (path: string, test: string): string =>
    `for p in ${path}/*; do n=\${p##*/}; case " ${(under ?? []).join(" ")} " in *" $n "*) ${test} ;; esac; done`;
  const put = `ln -sfn "$(readlink -f $p)" ${pluginPath}/$n`;
  box.sh(`mkdir -p ${pluginPath}
${link(rest.path, ":")}
for p in ${rest.path}/*; do n=\${p##*/}; ${put}; done
${under === undefined ? `for p in ${first.path}/*; do n=\${p##*/}; ${put}; done` : link(first.path, put)}`);
}

export class Caller {
  readonly #box: Box;
  readonly #results = new Map<string, unknown>();
  readonly #version: string;
  readonly #chain: readonly Conf[];

  constructor(box: Box, version: string, chain: readonly Conf[]) {
    this.#box = box;
    this.#version = version;
    this.#chain = chain;
  }

  /** One command on the chain; the answers of the plugins that were called, in their order. */
  call(step: CallStep): readonly Answer[] {
    const key = `${step.id ?? "c1"} ${step.ifname ?? "eth0"}`;
    const chain = step.chain ?? this.#chain;
    const order = step.call === "DEL" ? chain.toReversed() : chain;
    const answers: Answer[] = [];
    let previous = "prevResult" in step ? step.prevResult : step.call === "ADD" ? undefined : this.#results.get(key);
    for (const conf of order) {
      const answer = this.#one(step, conf, previous === false ? undefined : previous);
      answers.push(answer);
      if (answer.code !== 0) break;
      if (step.call === "ADD") previous = parsed(answer.stdout) ?? previous;
    }
    if (step.call === "ADD" && answers.every(({ code }) => code === 0)) this.#results.set(key, previous);
    if (step.call === "DEL" && answers.every(({ code }) => code === 0)) this.#results.delete(key);
    return answers;
  }

  #one(step: CallStep, conf: Conf, prevResult: unknown): Answer {
    const type = String(conf["type"]);
    const netns = step.netns ?? "a";
    const stdin =
      step.stdin ??
      JSON.stringify({
        cniVersion: this.#version,
        name: "net1",
        ...conf,
        ...(step.runtimeConfig === undefined ? {} : { runtimeConfig: step.runtimeConfig }),
        ...(prevResult === undefined ? {} : { prevResult }),
        ...(step.valid === undefined
          ? {}
          : { "cni.dev/valid-attachments": step.valid, "cni.dev/attachments": step.valid }),
      });
    const attached = step.call === "ADD" || step.call === "DEL" || step.call === "CHECK";
    const env: Record<string, string | null> = {
      CNI_COMMAND: step.call,
      CNI_CONTAINERID: attached ? (step.id ?? "c1") : "",
      CNI_NETNS: !attached || netns === "" ? "" : netns.includes("/") ? netns : `/run/netns/${netns}`,
      CNI_IFNAME: attached ? (step.ifname ?? "eth0") : "",
      CNI_ARGS: step.args ?? "",
      CNI_PATH: pluginPath,
      ...step.env,
    };
    const kept = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== null);
    return { type, ...this.#box.try([`${pluginPath}/${type}`], { env: Object.fromEntries(kept), stdin }) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What a plugin answered as facts: each leaf of the result, or that it failed and with which of the spec's codes. */
export function answerFacts({ type, code, stdout }: Answer): readonly string[] {
  if (stdout.trim() === "") return [`${type} answers ${code === 0 ? "nothing" : `exit ${code} without a word`}`];
  const said = parsed(stdout);
  if (said === undefined) return [`${type} answers what is not one JSON document`];
  if (code === 0) return leaves(said).map((leaf) => `${type} answers ${leaf}`);
  const number = Number((said as { code?: unknown }).code);
  // 999 is the reference's "internal", from 100 on are a plugin's own.
  return [`${type} fails with ${number >= 100 ? "a code of its own" : `code ${number}`}`];
}

/** Paths with values; what is empty is as good as absent. */
function leaves(value: unknown, path = ""): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each, at) => leaves(each, `${path}[${at}]`));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, each]) => leaves(each, path === "" ? key : `${path}.${key}`));
  return value === null ? [] : [`${path} = ${JSON.stringify(value)}`];
}
