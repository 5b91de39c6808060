import type { Command, CommandGroup } from "./command.ts";
import { variablesOf } from "./environment.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Flag, Flags } from "./flags.ts";
import { globals } from "./shared-flags.ts";

/** `netloom --help`. */
export function programHelp(commands: readonly Command[], groups: readonly CommandGroup[]): string {
  const shown = commands.filter(({ hidden, name }) => hidden !== true && !name.includes(" "));
  const rows = shown.map((one) => [namesOf(one), one.about] as const);
  return lines(
    "netloom: simulated clusters of network namespaces, from one YAML file",
    section("Examples", columns(programExamples.map(([line, does]) => [line, does]))),
    section("Commands", columns([...rows, ...groups.map(({ name, about }) => [`${name} …`, about] as const)])),
    section(
      "Flags of every command",
      columns([...flagRows(globals), ["-h, --help", "examples, flags and exit codes"]]),
    ),
    section("Exit codes", exitRows(Object.keys(exitCodes).map(Number))),
    section("Environment", columns(variables)),
  );
}

const variables = [
  ["NETLOOM_<COMMAND>_<FLAG>", "a flag of a command: NETLOOM_UP_WAIT=30s; the command line beats it"],
  ["NETLOOM_<FLAG>", "the same of all commands that have the flag"],
  ["NETLOOM_STATE_DIR", "where labs are remembered, in place of /run/netloom or $XDG_RUNTIME_DIR/netloom"],
  ["NETLOOM_DEBUG=1", "shows where an error comes from"],
  ["NETLOOM_TRACE=nl", "shows every netlink message"],
  ["NO_COLOR, CLICOLOR_FORCE", "no colours, or colours off a terminal too"],
] as const;

/** `netloom cni --help`: an example of each of its commands. */
export function groupHelp({ name, about, notes }: CommandGroup, commands: readonly Command[]): string {
  const own = commands.filter((one) => one.hidden !== true && one.name.startsWith(`${name} `));
  return lines(
    paragraph(`netloom ${name}: ${about}`),
    section(
      "Examples",
      columns(
        own.flatMap(({ examples }) => examples.slice(0, 1).map(([line, does]) => [`netloom ${line}`, does] as const)),
      ),
    ),
    section("Commands", columns(own.map((one) => [namesOf(one), one.about]))),
    ...(notes === undefined ? [] : notes.split("\n\n").map(paragraph)),
    section("Flags", columns([...flagRows(globals), ["-h, --help", "this; of a command, all its flags"]])),
    paragraph("Environment: flags can also be variables; 'netloom --help' tells how."),
    section("Exit codes", exitRows([0, 1, 2, ...own.flatMap(({ exits = [] }) => exits)])),
  );
}

const programExamples = [
  ["netloom init", "write a lab file to begin with"],
  ["netloom up", "bring up the lab of this folder and test it"],
  ["netloom exec vm-001-ns01 -- ip address", "run a command in a pod"],
  ["netloom graph", "draw it"],
  ["netloom down", "take it down"],
] as const;

/** `netloom COMMAND --help`: examples first. */
export function commandHelp(one: Command): string {
  return lines(
    paragraph(`netloom ${one.name}: ${one.about}`),
    ...(one.examples.length === 0
      ? []
      : [section("Examples", columns(one.examples.map(([line, does]) => [`netloom ${line}`, does])))]),
    section("Usage", [`  ${usageOf(one)}`]),
    section("Flags", columns([...flagRows(one.flags), ...flagRows(globals), ["-h, --help", "this"]])),
    ...(one.notes === undefined ? [] : one.notes.split("\n\n").map(paragraph)),
    paragraph(variablesOfFlags(one)),
    ...((one.aliases ?? []).length === 0 ? [] : [`Also called: ${one.aliases?.join(", ")}`]),
    section("Exit codes", exitRows([0, 1, 2, ...(one.exits ?? [])])),
  );
}

/** By the example of its first flag. */
function variablesOfFlags({ name, flags }: Command): string {
  const [flag = "quiet"] = Object.keys(flags);
  const [own, common] = variablesOf(name, flag);
  return `Environment: a flag can also be a variable: ${own} is --${flag}, and ${common} that of all commands. 'netloom --help' has the others.`;
}

/** `netloom up [flags] [FILE...]`. */
export function usageOf({ name, args }: Command): string {
  return ["netloom", name, "[flags]", ...(args === undefined ? [] : [args])].join(" ");
}

/** `down, destroy`. */
export function namesOf({ name, aliases = [] }: Command): string {
  return [name, ...aliases].join(", ");
}

/** Each flag as it is written, and what it does. */
export function flagRows(flags: Flags): (readonly [string, string])[] {
  return Object.entries(flags).map(([name, flag]) => [spelling(name, flag), meaning(flag)]);
}

function spelling(name: string, { short, value, aliases = [] }: Flag<unknown>): string {
  const spellings = [{ long: name, short }, ...aliases].flatMap((one) => [
    ...(one.short === undefined ? [] : [`-${one.short}`]),
    `--${one.long}`,
  ]);
  return `${spellings.join(", ")}${value === undefined ? "" : ` ${value}`}`;
}

function meaning({ about, choices, otherwise, repeat }: Flag<unknown>): string {
  const more = [
    ...(choices === undefined ? [] : [choices.join("|")]),
    ...(otherwise === undefined ? [] : [`default ${otherwise}`]),
    ...(repeat === true ? ["may be repeated"] : []),
  ];
  return more.length === 0 ? about : `${about} (${more.join("; ")})`;
}

function exitRows(codes: readonly number[]): readonly string[] {
  const known: Readonly<Record<number, string>> = exitCodes;
  const sorted = [...new Set(codes)].toSorted((a, b) => a - b);
  return columns(sorted.map((code) => [String(code), known[code] ?? ""]));
}

function section(title: string, body: readonly string[]): string {
  return [`${title}:`, ...body].join("\n");
}

/** Help fits a terminal of the usual width. */
const WIDTH = 80;

/** A longer head has a line of its own. */
const LONGEST_HEAD = 50;

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([head]) => (head.length > LONGEST_HEAD ? 0 : head.length)));
  const margin = " ".repeat(width + 4);
  return rows.flatMap(([head, tail]) => {
    const [first = "", ...rest] = wrapped(tail, WIDTH - margin.length);
    const under = rest.map((line) => margin + line);
    if (head.length > width) return [`  ${head}`, margin + first, ...under];
    return [`  ${head.padEnd(width)}  ${first}`, ...under];
  });
}

/** The words in lines of at most `width` characters, where the words let it. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function paragraph(text: string): string {
  return wrapped(text, WIDTH).join("\n");
}

function lines(...parts: readonly string[]): string {
  return `${parts.join("\n\n")}\n`;
}
