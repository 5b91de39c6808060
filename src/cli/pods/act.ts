import type { Op } from "../../change/index.ts";
import { LocalNode, PodsError, asTyped, whole } from "../../pods/index.ts";
import { readSmall, stayInOneThread, timeOfDay, writeText } from "../../sys/index.ts";
import { type Settings, type Words, settingsOf, variablesOf, wordsOf } from "../../xcluster/index.ts";
import { type Acting, type ActingCall, commonOptions, mostWords } from "./acting.ts";
import { local } from "./local.ts";

/** Does a command that changes something, and says what goes wrong; returns the exit code. */
export async function act(name: string, words: readonly string[]): Promise<number> {
  const { options, rest } = readWords(words);
  const variables = variablesOf(process.env, options);
  const json = variables["__json"] !== undefined;
  const refuse = (error: string, hint: string): number => {
    if (json) printJson({ command: name, ok: false, error, hint, data: undefined });
    writeText(2, `ERROR: ${error}\n`, "write to standard error");
    return 1;
  };
  const own = await find(name);
  if (own === undefined) return refuse(`Invalid command [${name}]`, "'netns_test help' lists the commands");
  if (options["__help"] !== undefined) {
    const text = `${called(name, own)}\n  ${own.about}\n'netns_test help' has the options and variables of all commands\n`;
    writeText(1, text, "write to standard output");
    return 0;
  }
  const { needs } = own;
  if (needs !== undefined && (rest.length < needs[0] || rest[0] === "")) return refuse(needs[1], usageOf(name, own));
  const hostname = readSmall("/proc/sys/kernel/hostname") ?? "";
  const say = (text: string): void => writeText(json ? 2 : 1, text, "write to standard output");
  let data: unknown;
  let ops: readonly Op[] = [];
  try {
    requireKnown(name, own, options);
    refuseSurplus(name, own, rest);
    const settings = settingsOf(variables);
    if (isShort(settings)) stayInOneThread();
    const node = new LocalNode(settings, hostname, variables["__node"]);
    if (own.text !== undefined) logCase(own.text({ args: rest, node }), hostname, json);
    const print: ActingCall["print"] = (lines, value) => {
      data = value;
      if (!json && lines.length > 0) say(`${lines.join("\n")}\n`);
    };
    await whole(async (job) => {
      await own.run({ job, node, args: rest, variables, print });
      ops = job.done;
    });
  } catch (error) {
    if (json) printJson({ command: name, ok: false, error: messageOf(error), hint: hintOf(error), data });
    return fail(error);
  }
  if (!json && variables["__verbose"] === undefined) return 0;
  const { changesOf } = await import("./changes.ts");
  const changes = changesOf(ops);
  if (json) printJson({ command: name, ok: true, changes, data });
  else for (const line of changes) say(`${line}\n`);
  return 0;
}

/** Options may stand anywhere: no word of these commands begins with a dash. */
function readWords(words: readonly string[]): Words {
  const isOption = (word: string): boolean => word.startsWith("--");
  return { options: wordsOf(words.filter(isOption)).options, rest: words.filter((word) => !isOption(word)) };
}

async function find(name: string): Promise<Acting | undefined> {
  const table = Object.hasOwn(local, name) ? local : (await import("./uplinks.ts")).uplinks;
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** So few pods that the runtime's compilers would cost more than they save. */
function isShort({ pods }: Settings): boolean {
  return pods <= FEW;
}
const FEW = 16;

/** @throws {PodsError} `usage` */
function requireKnown(name: string, { options = [] }: Acting, given: Readonly<Record<string, string>>): void {
  const known = [...commonOptions, ...options];
  const unknown = Object.keys(given).find((variable) => !known.includes(variable));
  if (unknown === undefined) return;
  const spelt = (variable: string): string => variable.replaceAll("_", "-");
  throw new PodsError(
    "usage",
    `${name} has no option ${spelt(unknown)}`,
    `it has ${[...options, ...commonOptions].map(spelt).join(" ")}`,
  );
}

const called = (name: string, { words }: Acting): string => ["netns_test", name, words].filter(Boolean).join(" ");
const usageOf = (name: string, own: Acting): string => `it is called like this: ${called(name, own)}`;

/** @throws {PodsError} `usage` */
function refuseSurplus(name: string, own: Acting, rest: readonly string[]): void {
  const most = mostWords(own);
  const surplus = rest.slice(most).find((word) => word !== "");
  if (surplus === undefined) return;
  const takes = most === 0 ? "no words" : most === 1 ? "one word" : `${most} words at most`;
  throw new PodsError("usage", `${name} takes ${takes}: what is ${JSON.stringify(surplus)}?`, usageOf(name, own));
}

/** On both streams, so that a log of either has it. */
function logCase(text: string, hostname: string, json: boolean): void {
  const line = `  ${timeOfDay()} (${hostname}): TEST CASE: ${text}\n`;
  writeText(2, line, "write to standard error");
  if (!json) writeText(1, line, "write to standard output");
}

function printJson({ data, ...rest }: { readonly data: unknown; readonly [key: string]: unknown }): void {
  const own = typeof data === "object" && data !== null ? data : {};
  writeText(1, `${JSON.stringify({ schemaVersion: 1, ...rest, ...own })}\n`, "write to standard output");
}

function messageOf(error: unknown): string {
  return asTyped(error instanceof Error ? error.message : String(error));
}

/** How to go on; nothing where the message says all. */
function hintOf(error: unknown): string | undefined {
  return error instanceof Error && "hint" in error && typeof error.hint === "string" ? error.hint : undefined;
}

/** `FAILED` is an assertion that does not hold, `ERROR` anything else. */
function fail(error: unknown): number {
  const kind = error instanceof PodsError && error.code === "unreachable" ? "FAILED" : "ERROR";
  const hint = hintOf(error);
  writeText(2, `${kind}: ${messageOf(error)}${hint === undefined ? "" : `\n  ${hint}`}\n`, "write to standard error");
  if (process.env["NETLOOM_DEBUG"] === "1") console.error(error);
  return 1;
}
