/** The programs iptables and ip6tables, for configurations that ask for them. */
import { CniError, HOST, type Work, codes } from "../cni/index.ts";
import type { Family } from "../values/index.ts";
import type { Identity } from "./_owner.ts";
import { notInPath, programOf } from "./_programs.ts";

const programs = { 4: "iptables", 6: "ip6tables" } as const;
/** Seconds to wait for whoever is changing the rules now. */
const WAIT = "--wait=5";
/** Another plugin may make a shared chain between our look and our change: each attempt begins with a new look. */
const ATTEMPTS = 8;
/** So many bytes a comment can have. */
const MOST_COMMENT = 255;

/** Rules of one table of one family, as `iptables-save` prints them and `iptables-restore` reads them. */
export class Saved {
  readonly #lines: readonly string[];

  constructor(text: string) {
    this.#lines = text.split("\n").map((line) => line.trimEnd());
  }

  hasChain(chain: string): boolean {
    return this.#lines.some((line) => line.startsWith(`:${chain} `));
  }

  /** The rule as it is appended: `-A CHAIN …`. */
  has(rule: string): boolean {
    return this.#lines.includes(rule);
  }

  rulesOf(chain: string): readonly string[] {
    return this.#lines.filter((line) => line.startsWith(`-A ${chain} `));
  }

  /** Rules of any chain that send packets to this one. */
  jumpsTo(chain: string): readonly string[] {
    return this.#lines.filter((line) => line.startsWith("-A ") && line.endsWith(` -j ${chain}`));
  }

  /** Rules with a comment that begins so. */
  commented(beginning: string): readonly string[] {
    const words = `-m comment --comment ${quoted(beginning).slice(0, -1)}`;
    return this.#lines.filter((line) => line.startsWith("-A ") && line.includes(words));
  }

  /** Commands that take a chain away and what leads to it; none if it is not there. */
  removal(chain: string): readonly string[] {
    if (!this.hasChain(chain)) return [];
    return [...this.jumpsTo(chain).map((line) => `-D${line.slice(2)}`), `-F ${chain}`, `-X ${chain}`];
  }
}

/** Whether rules of a family can be read and changed at all: without the program there are none of ours. */
export function hasIptables(family: Family): boolean {
  return ["save", "restore"].every((part) => programOf(`${programs[family]}-${part}`) !== undefined);
}

/**
 * Takes chains away, and what leads to them. Without the program there are none of ours, unless it was there before: those of
 * nf_tables are seen without it. @throws {CniError} 102 without the program where there is one of the chains, 100
 */
export function removeChains(
  work: Work,
  family: Family,
  table: string,
  chains: readonly string[],
  remedy: string,
): void {
  const place = { family: family === 4 ? "ip" : "ip6", name: table } as const;
  if (!hasIptables(family) && !chains.some((chain) => work.kernel.hasChain(HOST, place, chain))) return;
  changeIptables(work, family, table, (saved) => chains.flatMap((chain) => saved.removal(chain)), remedy);
}

/** @throws {CniError} 102 without the program, 100 */
export function readIptables(family: Family, table: string, remedy: string): Saved {
  return new Saved(run(`${programs[family]}-save`, ["-t", table], "", remedy));
}

/**
 * Does what `plan` makes of the rules that there are, all or nothing; nothing if it makes no commands. Made anew when somebody
 * was faster. Where nothing may be changed, it tells what it would do if there were no rules.
 * @throws {CniError} 102 without the program, 100
 */
export function changeIptables(
  work: Pick<Work, "dry" | "warn">,
  family: Family,
  table: string,
  plan: (saved: Saved) => readonly string[],
  remedy: string,
): void {
  if (work.dry) {
    for (const command of plan(new Saved(""))) work.warn(`${programs[family]} -t ${table} ${command}`);
    return;
  }
  for (let attempt = 1; ; attempt++) {
    const commands = plan(readIptables(family, table, remedy));
    if (commands.length === 0) return;
    try {
      run(
        `${programs[family]}-restore`,
        [WAIT, "--noflush"],
        [`*${table}`, ...commands, "COMMIT", ""].join("\n"),
        remedy,
      );
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof CniError) || error.code === codes.missing) throw error;
    }
  }
}

function run(program: string, args: readonly string[], input: string, remedy: string): string {
  const path = programOf(program);
  if (path === undefined) {
    throw new CniError(
      codes.missing,
      `cannot change rules by iptables: ${notInPath(program)}`,
      `${remedy}, or install iptables there`,
    );
  }
  const { stdout, stderr, exitCode } = Bun.spawnSync([path, ...args], { stdin: new TextEncoder().encode(input) });
  if (exitCode === 0) return stdout.toString();
  throw new CniError(codes.kernel, `cannot change rules: ${program} failed`, stderr.toString().trim());
}

/** A word for `iptables-restore`, in quotes where it needs them. */
export function quoted(word: string): string {
  return /^[\w.:/,!=+-]+$/.test(word) ? word : `"${word.replaceAll(/["\\]/g, "\\$&")}"`;
}

/** What marks the rules of a container in a network; the reference's are the same. */
export function namedComment({ network, containerId }: Pick<Identity, "network" | "containerId">): string {
  return `${networkComment(network)}${containerId}"`;
}

/** How such comments of a network begin. */
export function networkComment(network: string): string {
  return `name: "${network}" id: "`;
}

/** Words that give a rule a comment, cut off where it is too long. */
export function commentWords(text: string): string {
  const fits = text.length <= MOST_COMMENT;
  return `-m comment --comment ${quoted(fits ? text : `${text.slice(0, MOST_COMMENT - 3)}...`)}`;
}
