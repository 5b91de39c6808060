import { CommanderError } from "commander";
import { endKeeperIfUnused } from "../lab/rootless/index.ts";
import { commands, groups } from "./commands/index.ts";
import { groupHelp, programHelp } from "./help.ts";
import { programOf } from "./program.ts";
import { report } from "./report.ts";
import { startTracing } from "./tracing.ts";
import { UsageError } from "./usage.ts";

/** Runs one command line. Never throws: what goes wrong is said on standard error and becomes the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  let code: number | undefined;
  if (argv.length === 0) {
    console.error(programHelp(commands, groups).trimEnd());
    return 2;
  }
  const program = programOf(argv, (exit) => (code = exit));
  try {
    await startTracing();
    await program.parseAsync(argv, { from: "user" });
    return code ?? 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) return report(error);
    // Help and version have been printed.
    if (error.exitCode === 0) return 0;
    const words = argv.filter((word) => !word.startsWith("-"));
    const group = groups.find(({ name }) => name === words[0]);
    if (error.code === "commander.help" && group !== undefined) {
      console.error(groupHelp(group, commands).trimEnd());
      return 2;
    }
    return report(usageOf(error, words));
  } finally {
    endKeeperIfUnused();
  }
}

/** Commander's complaint in our words. */
function usageOf(error: CommanderError, words: readonly string[]): UsageError {
  const [what = "", meant] = error.message.replace(/^error: /, "").split("\n");
  const close = /^\(Did you mean (.*)\?\)$/.exec(meant ?? "")?.[1]?.replace(/^one of /, "");
  const names = [
    ...commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]),
    ...groups.map(({ name }) => name),
  ];
  const name = [words.slice(0, 2).join(" "), words[0] ?? ""].find((one) => names.includes(one));
  const help = name === undefined ? "netloom --help" : `netloom ${name} --help`;
  return new UsageError(
    close === undefined ? what : `${what} (did you mean ${close}?)`,
    `'${help}' shows what there is`,
  );
}
