import type { Command } from "./command.ts";
import { variablesOf } from "./environment.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Flags } from "./flags.ts";
import { flagRows, usageOf } from "./help.ts";
import { globals } from "./shared-flags.ts";

/** docs/cli.md: all commands, flags and exit codes, from their definitions. */
export function referencePage(commands: readonly Command[]): string {
  const shown = commands.filter(({ hidden }) => hidden !== true);
  return `${[
    "# Commands",
    "<!-- written by scripts/bun src/cli/write-reference.ts -->",
    "Data goes to standard output, everything else to standard error. Off a terminal there are no colours, bars or questions.",
    `Every flag can also be a variable: that of the command (\`${variablesOf("up", "wait")[0]}\`), or one for all commands that have it (\`${variablesOf("up", "wait")[1]}\`). The command line beats the environment. \`NO_COLOR\` and \`CLICOLOR_FORCE\` count, \`NETLOOM_STATE_DIR\` says where labs are remembered, \`NETLOOM_DEBUG=1\` shows where an error comes from, and \`NETLOOM_TRACE=nl\` every netlink message.`,
    ...shown.map(sectionOf),
    "## Flags of every command",
    flagTable(globals),
    "## Exit codes",
    table(["code", "means"], Object.entries(exitCodes)),
  ].join("\n\n")}\n`;
}

function sectionOf(one: Command): string {
  const { name, aliases = [], about, examples, flags, notes } = one;
  const exits = (one.exits ?? []).filter((code) => code > 2);
  const lines = examples.map(([line, does]) => `netloom ${line}  # ${does}`);
  return [
    `## ${name}`,
    `${sentence(about)}${aliases.length === 0 ? "" : ` Also called ${aliases.map((word) => `\`${word}\``).join(", ")}.`}`,
    ["```sh", ...lines, "```"].join("\n"),
    `Usage: \`${usageOf(one)}\``,
    ...(Object.keys(flags).length === 0 ? [] : [flagTable(flags)]),
    ...(notes === undefined ? [] : [notes]),
    ...(exits.length === 0 ? [] : [`Exit codes besides 0, 1 and 2: ${exits.join(", ")}.`]),
  ].join("\n\n");
}

function flagTable(flags: Flags): string {
  const rows = flagRows(flags).map(([spelling, meaning]) => [`\`${spelling}\``, meaning] as const);
  return table(["flag", "does"], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
