import { Command as Commander, Option } from "commander";
import type { Command, CommandGroup } from "./command.ts";
import { commands, groups } from "./commands/index.ts";
import { givenBy } from "./environment.ts";
import type { Flag, Flags, Given } from "./flags.ts";
import { commandHelp, groupHelp, programHelp } from "./help.ts";
import { globals } from "./shared-flags.ts";
import { openTerminal } from "./terminal.ts";
import { version } from "../../package.json";

/** The command line as commander knows it. `onExit` is told the exit code of the command that ran. */
export function programOf(argv: readonly string[], onExit: (code: number) => void): Commander {
  const program = new Commander("netloom");
  program
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: (text) => console.log(text.trimEnd()) });
  program.configureHelp({ formatHelp: () => programHelp(commands, groups) });
  program.version(`netloom ${version}`, "-V, --version").helpOption("-h, --help").helpCommand("help [command]");
  program.enablePositionalOptions();
  addFlags(program, globals);
  const parents = new Map(groups.map((group) => [group.name, groupOf(group)]));
  for (const definition of commands) {
    const parent = parents.get(definition.name.split(" ", 1)[0] ?? "") ?? program;
    const one = isMeant(definition, argv) ? commandOf(definition, onExit) : nameOf(definition);
    parent.addCommand(one, { hidden: definition.hidden ?? false });
  }
  for (const parent of parents.values()) program.addCommand(parent);
  return program;
}

function groupOf(group: CommandGroup): Commander {
  const one = new Commander(group.name).description(group.about).exitOverride().helpOption("-h, --help");
  one.configureHelp({ formatHelp: () => groupHelp(group, commands) }).helpCommand("help [command]");
  one.configureOutput({ writeErr: () => undefined, writeOut: (text) => console.log(text.trimEnd()) });
  one.enablePositionalOptions();
  addFlags(one, globals);
  return one;
}

/** A command that is not called: its names, for suggestions. Options of all commands take longer than most commands. */
function nameOf({ name, aliases = [], silentAliases = [] }: Command): Commander {
  return new Commander(lastWord(name)).aliases([...aliases, ...silentAliases]);
}

/** Whether a command line may be of this command; its words may be any argument's. */
function isMeant({ name, aliases = [], silentAliases = [] }: Command, argv: readonly string[]): boolean {
  return [lastWord(name), ...aliases, ...silentAliases].some((word) => argv.includes(word));
}

const lastWord = (name: string): string => name.slice(name.indexOf(" ") + 1);

function commandOf(definition: Command, onExit: (code: number) => void): Commander {
  const { args, about } = definition;
  const one = nameOf(definition).description(about).exitOverride();
  one.helpOption("-h, --help");
  one.configureHelp({ formatHelp: () => commandHelp(definition) });
  one.configureOutput({ writeErr: () => undefined, writeOut: (text) => console.log(text.trimEnd()) });
  // Anything but one plain argument is for the command itself to judge.
  if (args !== undefined) one.arguments(/^\[[A-Z|]+\]$/.test(args) ? args.toLowerCase() : "[words...]");
  if (definition.passesOn === true) one.passThroughOptions();
  addFlags(one, { ...definition.flags, ...globals });
  one.action(async () => onExit((await call(definition, one)) ?? 0));
  return one;
}

async function call(definition: Command, one: Commander): Promise<number | void> {
  const flags = Object.fromEntries(
    Object.entries({ ...definition.flags, ...globals }).map(([name, flag]) => [
      name,
      valueOf(definition.name, name, flag, one),
    ]),
  );
  const terminal = openTerminal({
    color: flags["no-color"] !== true,
    quiet: flags["quiet"] === true,
    verbose: flags["verbose"] === true,
  });
  return definition.run({ args: one.args, flags, terminal });
}

/** The command line beats the environment beats the default. */
function valueOf(command: string, name: string, flag: Flag<unknown>, one: Commander): unknown {
  const given = keysOf(name, flag)
    .flatMap((key) => [one, one.parent, one.parent?.parent].map((place) => (place ? givenTo(place, key) : undefined)))
    .find((value) => value !== undefined);
  return flag.read(given ?? givenBy(process.env, command, name, flag), `--${name}`);
}

/** What the command line says; for `--no-color` commander keeps `color: false`, which is our `no-color` given. */
function givenTo(one: Commander, key: string): Given {
  if (one.getOptionValueSource(key) !== "cli") return undefined;
  const value: unknown = one.getOptionValue(key);
  return value === false ? true : (value as Given);
}

/** Where commander keeps what was given: one place per spelling. */
function keysOf(name: string, { aliases = [] }: Flag<unknown>): readonly string[] {
  return [name, ...aliases.map(({ long }) => long)].map((long) =>
    new Option(`--${long.replace(/^no-/, "")}`).attributeName(),
  );
}

function addFlags(one: Commander, flags: Flags): void {
  for (const [name, flag] of Object.entries(flags)) {
    for (const { long, short } of [{ long: name, short: flag.short }, ...(flag.aliases ?? [])]) {
      one.addOption(optionOf(long, short, flag, long !== name));
    }
  }
}

function optionOf(long: string, short: string | undefined, flag: Flag<unknown>, hidden: boolean): Option {
  const head = short === undefined ? `--${long}` : `-${short}, --${long}`;
  const option = new Option(flag.value === undefined ? head : `${head} <${flag.value.toLowerCase()}>`, flag.about);
  if (hidden) option.hideHelp();
  if (flag.repeat === true)
    option.argParser((word, before: readonly string[] | undefined) => [...(before ?? []), word]);
  return option;
}
