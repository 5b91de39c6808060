import { UsageError } from "./usage.ts";

/** What was written for a flag: absent, present without a value, once, or several times. */
export type Given = undefined | boolean | string | readonly string[];

/** One flag of a command, and how its value is read. */
export interface Flag<T> {
  readonly about: string;
  /** One letter. */
  readonly short?: string;
  /** Name of its value in the help; a flag without one is on or off. */
  readonly value?: string;
  readonly repeat?: true;
  readonly choices?: readonly string[];
  /** What counts when it is not given, for the help. */
  readonly otherwise?: string;
  /** Other spellings, such as containerlab's `--topo`. */
  readonly aliases?: readonly { readonly long: string; readonly short?: string }[];
  /** @throws {UsageError} */
  readonly read: (given: Given, flag: string) => T;
}

/** A command's flags by their long names. */
export type Flags = Readonly<Record<string, Flag<unknown>>>;

/** What a command gets: each flag's value, read. */
export type Values<F extends Flags> = { readonly [Name in keyof F]: F[Name] extends Flag<infer T> ? T : never };

type Extra = Omit<Partial<Flag<unknown>>, "read" | "about">;

/** On or off. */
export function toggle(about: string, extra: Extra = {}): Flag<boolean> {
  const read = (given: Given, flag: string): boolean => {
    const word = String(given ?? false).toLowerCase();
    if (on.has(word)) return true;
    if (off.has(word)) return false;
    throw new UsageError(`${flag} ${word}: give 1 or 0`);
  };
  return { ...extra, about, read };
}
const on = new Set(["1", "true", "yes"]);
const off = new Set(["", "0", "false", "no"]);

/** A text, or nothing. */
export function text(value: string, about: string, extra: Extra = {}): Flag<string | undefined> {
  return { ...extra, about, value, read: (given) => last(given) };
}

/** Any number of texts. */
export function texts(value: string, about: string, extra: Extra = {}): Flag<readonly string[]> {
  const read = (given: Given) => (typeof given === "string" ? [given] : typeof given === "object" ? given : []);
  return { ...extra, about, value, repeat: true, read };
}

/** One of some words. */
export function choice<const W extends string>(
  words: readonly W[],
  otherwise: W,
  about: string,
  extra: Extra = {},
): Flag<W> {
  const read = (given: Given, flag: string): W => {
    const word = last(given) ?? otherwise;
    const found = words.find((one) => one === word);
    if (found === undefined) throw new UsageError(`${flag} ${word}: give one of ${words.join(", ")}`);
    return found;
  };
  return { ...extra, about, value: "WORD", choices: words, otherwise, read };
}

/** A whole number in a range. */
export function integer(
  value: string,
  about: string,
  least: number,
  most: number,
  extra: Extra = {},
): Flag<number | undefined> {
  const read = (given: Given, flag: string) => {
    const word = last(given);
    if (word === undefined) return undefined;
    const number = Number(word);
    if (/^\d+$/.test(word) && number >= least && number <= most) return number;
    throw new UsageError(`${flag} ${word}: give a whole number from ${least} to ${most}`);
  };
  return { ...extra, about, value, read };
}

/** A time such as `500ms`, `30s`, `2m`, as milliseconds. */
export function duration(about: string, extra: Extra = {}): Flag<number | undefined> {
  const read = (given: Given, flag: string) => {
    const word = last(given);
    return word === undefined ? undefined : milliseconds(word, flag);
  };
  return { ...extra, about, value: "TIME", read };
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 36e5 };

/** `1.5s` is 1500. @throws {UsageError} */
export function milliseconds(word: string, flag: string): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(word) ?? [];
  const factor = units[unit];
  if (factor === undefined) throw new UsageError(`${flag} ${word}: give a time such as 500ms, 30s or 2m`);
  return Number(number) * factor;
}

function last(given: Given): string | undefined {
  if (typeof given === "string") return given;
  return typeof given === "object" ? given.at(-1) : undefined;
}
