import { SysError, readWhole } from "../sys/index.ts";
import { XclusterError } from "./error.ts";
import { MOST_NUMBERS, type Shuffled } from "./shuffle.ts";

/** Where a node has its list; it is to be the same on all nodes. */
export const RND_ADDRESSES = "/etc/rnd-addresses";

/**
 * A list as a file: a number a line, line I being the I-th. The seed is glued to the last number, `164#seed=7`. So every line
 * is where `sed -n Ip` looks for it, there is none too many, and `ipu`, which reads a number up to what is no digit, is not
 * misled where the last is used.
 */
export function printShuffled({ numbers, seed }: Shuffled): string {
  return `${numbers.join("\n")}${seed === undefined ? "" : `#seed=${seed}`}\n`;
}

/** Reads a list strictly: whole numbers from 1, none twice. @throws {XclusterError} `bad-list` */
export function parseShuffled(text: string, file: string): Shuffled {
  const lines = linesOf(text);
  const [, last, seed] = /^(.*)#seed=([A-Za-z0-9._-]{1,64})$/.exec(lines.at(-1) ?? "") ?? [];
  const words = last === undefined ? lines : [...lines.slice(0, -1), last];
  const seen = new Map<string, number>();
  for (const [at, word] of words.entries()) {
    const where = `${file}:${at + 1}`;
    if (!/^[1-9][0-9]{0,9}$/.test(word) || Number(word) >= 2 ** 31) {
      throw new XclusterError("bad-list", `${where}: "${word}" is no number from 1`, howToMake(file));
    }
    const before = seen.get(word);
    if (before !== undefined) {
      throw new XclusterError("bad-list", `${where}: ${word} is already in line ${before}`, howToMake(file));
    }
    seen.set(word, at + 1);
  }
  if (words.length === 0 || words.length > MOST_NUMBERS) {
    throw new XclusterError("bad-list", `${file} has ${words.length} numbers`, howToMake(file));
  }
  return { numbers: words.map(Number), ...(seed !== undefined && { seed }) };
}

/** Reads the list of a file strictly. @throws {XclusterError} `missing-list`, `bad-list` */
export function readShuffled(file: string = RND_ADDRESSES): Shuffled {
  return parseShuffled(textOf(file), file);
}

/** The lines of a list as they are, for `netns_test`. @throws {XclusterError} `missing-list` */
export function readShuffledLines(file: string = RND_ADDRESSES): readonly string[] {
  return linesOf(textOf(file));
}

function linesOf(text: string): readonly string[] {
  const lines = text.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function textOf(file: string): string {
  const text = textIfAny(file);
  if (text === undefined) throw new XclusterError("missing-list", `there is no ${file}`, howToMake(file));
  return text;
}

function textIfAny(file: string): string | undefined {
  try {
    return readWhole(file);
  } catch (error) {
    if (error instanceof SysError) throw new XclusterError("missing-list", error.message, howToMake(file));
    throw error;
  }
}

function howToMake(file: string): string {
  return `'netloom addr shuffle --seed SEED --write ${file}' makes one; the same seed on all nodes`;
}
