import { type Op, printOp } from "../../change/index.ts";
import { type Job, LocalNode, asTyped, whole } from "../../pods/index.ts";
import { readSmall } from "../../sys/index.ts";
import { hostnameOf, settingsOf, variablesOf } from "../../xcluster/index.ts";
import type { Terminal } from "../terminal.ts";

/** What flags of `netloom pods` say, as far as a command has them. */
export interface NodeWords {
  readonly node?: number | undefined;
  readonly "name-prefix"?: string | undefined;
  readonly interface?: string | undefined;
  readonly template?: string | undefined;
  readonly prefix?: string | undefined;
  readonly family?: string | undefined;
  readonly random?: boolean | undefined;
  readonly nodes?: number | undefined;
  readonly net?: number | undefined;
}

/** This node by flags, and where they say nothing by the variables of `netns_test`. @throws {XclusterError} */
export function nodeOf(words: NodeWords): LocalNode {
  const given: Readonly<Record<string, string | number | undefined>> = {
    NAME_PREFIX: words["name-prefix"],
    PODIF: words.interface,
    ADRTEMPLATE: words.template,
    PREFIX: words.prefix,
    __family: words.family === "both" ? undefined : words.family,
    __random: words.random === true ? "yes" : undefined,
    __nvm: words.nodes,
    __net: words.net,
  };
  const options = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  const settings = settingsOf(variablesOf(process.env, Object.fromEntries(options)));
  // Pods of a node whose number is given are named by it, whatever the host is called.
  const hostname = words.node === undefined ? readSmall("/proc/sys/kernel/hostname") : hostnameOf(words.node);
  return new LocalNode(settings, hostname ?? "");
}

/** Does something whole or not at all, and says on standard error what it did: with `--verbose` each change. */
export async function change(terminal: Terminal, body: (job: Job) => void | Promise<void>): Promise<void> {
  const done = await whole(async (job): Promise<readonly Op[]> => {
    await body(job);
    return job.done;
  });
  if (terminal.verbose) for (const op of done) terminal.note(asTyped(printOp(op)));
  terminal.note(done.length === 0 ? "unchanged" : done.length === 1 ? "1 change" : `${done.length} changes`);
}
