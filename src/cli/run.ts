import { closest } from "../output/index.ts";
import { CommanderError } from "commander";
import { endKeeperIfUnused } from "../lab/rootless/index.ts";
import { commands } from "./commands/index.ts";
import { programHelp } from "./help.ts";
import { programOf } from "./program.ts";
import { report } from "./report.ts";
import { startTracing } from "./tracing.ts";
import { UsageError } from "./usage.ts";

/** Runs one command line. Never throws: what goes wrong is said on standard error and becomes the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  let code: number | undefined;
  if (argv.length === 0) {
    console.error(programHelp(commands).trimEnd());
    return 2;
  }
  const program = programOf((exit) => (code = exit));
  try {
    await startTracing();
    await program.parseAsync(argv, { from: "user" });
    return code ?? 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) return report(error);
    // Help and version have been printed.
    if (error.exitCode === 0) return 0;
    return report(
      usageOf(
        error,
        argv,
        program.commands.map((one) => one.name()),
      ),
    );
  } finally {
    endKeeperIfUnused();
  }
}

/** Commander's complaint in our words. */
function usageOf(error: CommanderError, argv: readonly string[], commands: readonly string[]): UsageError {
  const [what = "", meant] = error.message.replace(/^error: /, "").split("\n");
  const close = /^\(Did you mean (.*)\?\)$/.exec(meant ?? "")?.[1]?.replace(/^one of /, "");
  const name = argv.find((word) => !word.startsWith("-"));
  const help = name !== undefined && closest(name, commands) === name ? `netloom ${name} --help` : "netloom --help";
  return new UsageError(
    close === undefined ? what : `${what} (did you mean ${close}?)`,
    `'${help}' shows what there is`,
  );
}
