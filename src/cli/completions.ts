import { NET_DIR, findNetworks } from "../cni/runtime/index.ts";
import { listLabs, open } from "../lab/index.ts";
import { memberNames } from "../lab/topology.ts";
import { listNetns } from "../netns/index.ts";
import type { Command } from "./command.ts";
import { commands, groups } from "./commands/index.ts";
import type { Flag } from "./flags.ts";
import { shells } from "./completion-scripts.ts";
import { globals } from "./shared-flags.ts";

/** What may stand where the last of `words` was begun. Empty where files are meant, or nothing is known. Never throws for a bad line. */
export function completionsOf(words: readonly string[]): readonly string[] {
  const begun = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const at = before.findIndex((word) => !word.startsWith("-"));
  const group = groups.find(({ name }) => name === before[at]);
  const found =
    group === undefined
      ? named("", before.slice(Math.max(at, 0)), begun)
      : named(`${group.name} `, before.slice(at + 1), begun);
  return found.filter((word) => word.startsWith(begun));
}

/** What may follow the command that `words` begin with; `prefix` is its group. */
function named(prefix: string, words: readonly string[], begun: string): readonly string[] {
  const at = words.findIndex((word) => !word.startsWith("-"));
  const word = words[at] ?? "";
  const one = commands.find(
    ({ name, aliases = [] }) => name === prefix + word || (prefix === "" && aliases.includes(word)),
  );
  if (one !== undefined) return wordsOf(one, words.slice(at + 1), begun);
  return prefix === "" ? firstWords(begun) : secondWords(prefix, begun);
}

function secondWords(prefix: string, begun: string): readonly string[] {
  if (begun.startsWith("-")) return ["--help"];
  const own = commands.filter(({ name, hidden }) => hidden !== true && name.startsWith(prefix));
  return own.map(({ name }) => name.slice(prefix.length));
}

function firstWords(begun: string): readonly string[] {
  if (begun.startsWith("-")) return [...Object.keys(globals).map((name) => `--${name}`), "--help", "--version"];
  const alone = commands.filter(({ hidden, name }) => hidden !== true && !name.includes(" "));
  return [...alone.flatMap(({ name, aliases = [] }) => [name, ...aliases]), ...groups.map(({ name }) => name)];
}

function wordsOf(one: Command, before: readonly string[], begun: string): readonly string[] {
  if (before.includes("--")) return [];
  const flags: readonly (readonly [string, Flag<unknown>])[] = Object.entries({ ...one.flags, ...globals });
  const last = before.at(-1) ?? "";
  const flag = flags.find(([name, given]) => spellingsOf(name, given).includes(last));
  if (flag !== undefined && flag[1].value !== undefined) return valuesOf(flag[0], flag[1]);
  if (begun.startsWith("--") && begun.includes("=")) return assignments(flags, begun.slice(0, begun.indexOf("=")));
  if (begun.startsWith("-")) return [...flags.map(([name]) => `--${name}`), "--help"];
  const words = positionals(flags, before);
  switch (one.completes) {
    case "lab":
      return words.length === 0 ? listLabs() : [];
    case "labs":
      return listLabs().filter((name) => !words.includes(name));
    case "target":
      return targets(words, labOf(before), begun);
    case "attachment":
      return attachmentWords(words);
    case "shell":
      return words.length === 0 ? shells : [];
    default:
      return [];
  }
}

/** `--output=json`, for the flag that is spelt so. */
function assignments(flags: readonly (readonly [string, Flag<unknown>])[], spelling: string): readonly string[] {
  const found = flags.find(([name, flag]) => spellingsOf(name, flag).includes(spelling));
  return found === undefined ? [] : valuesOf(...found).map((value) => `${spelling}=${value}`);
}

/** Each way to write a flag. */
function spellingsOf(name: string, { short, aliases = [] }: Flag<unknown>): readonly string[] {
  return [{ long: name, short }, ...aliases].flatMap((one) => [
    `--${one.long}`,
    ...(one.short === undefined ? [] : [`-${one.short}`]),
  ]);
}

function valuesOf(name: string, { choices }: Flag<unknown>): readonly string[] {
  return name === "lab" ? listLabs() : (choices ?? []);
}

/** The words that are neither flags nor their values. */
function positionals(
  flags: readonly (readonly [string, Flag<unknown>])[],
  before: readonly string[],
): readonly string[] {
  const taking = new Set(flags.flatMap(([name, flag]) => (flag.value === undefined ? [] : spellingsOf(name, flag))));
  return before.filter((word, at) => !word.startsWith("-") && !taking.has(before[at - 1] ?? ""));
}

function labOf(before: readonly string[]): string | undefined {
  const at = before.indexOf("--lab");
  return before[at < 0 ? before.length : at + 1] ?? process.env["NETLOOM_LAB"];
}

/** Nodes and pods of the lab that is named, or of the only one; names of labs where they may stand. */
function targets(words: readonly string[], lab: string | undefined, begun: string): readonly string[] {
  const labs = listLabs();
  const [first] = words;
  const owner = begun.split("/")[0] ?? "";
  if (first === undefined && begun.includes("/") && labs.includes(owner))
    return membersOf(owner).map((name) => `${owner}/${name}`);
  if (words.length > 1 || (first !== undefined && !labs.includes(first))) return [];
  const wanted = first ?? lab;
  if (wanted !== undefined) return labs.includes(wanted) ? membersOf(wanted) : [];
  return labs.length === 1 ? labs.flatMap((name) => [...membersOf(name), name]) : labs;
}

/** A network, then a pinned namespace. */
function attachmentWords(words: readonly string[]): readonly string[] {
  if (words.length === 0) return findNetworks(process.env["NETCONFPATH"] || NET_DIR).lists.map(({ name }) => name);
  return words.length === 1 ? listNetns() : [];
}

function membersOf(lab: string): readonly string[] {
  return memberNames(open(lab).topology);
}
