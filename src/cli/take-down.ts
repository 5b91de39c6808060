import { type DownReport, LabError, downByName } from "../lab/index.ts";
import { agrees } from "./ask.ts";
import { counted } from "./counted.ts";
import { type LabChoice, labOfFile } from "./labs.ts";
import { report } from "./report.ts";
import { listenForSignals } from "./signals.ts";
import { labNames, onlyLab } from "./target.ts";
import type { Terminal } from "./terminal.ts";

interface DownCall {
  readonly args: readonly string[];
  readonly flags: LabChoice["flags"] & {
    readonly all: boolean;
    readonly "dry-run": boolean;
    readonly wait: number | undefined;
    readonly yes: boolean;
  };
  readonly terminal: Terminal;
}

/** Takes down what was named, one lab after the other; a failure does not stop the rest. Returns the exit code. */
export async function takeDown(call: DownCall): Promise<number> {
  const { flags, terminal } = call;
  const names = await namesOf(call);
  if (flags["dry-run"]) {
    terminal.out(names.map((name) => `lab ${name}\n`).join(""));
    return 0;
  }
  if (names.length > 0 && !agrees(terminal, `Take down ${names.join(", ")}?`, flags.yes)) {
    terminal.note("netloom: nothing was done");
    return 1;
  }
  let code = 0;
  using interruption = listenForSignals((name) =>
    terminal.note(`netloom: ${name}: stopping; once more ends it at once`),
  );
  for (const name of names) {
    if (interruption.signal.aborted) {
      terminal.note(`netloom: lab ${name} was left as it is`);
      continue;
    }
    try {
      const started = performance.now();
      const done = await downByName(name, { waitMs: flags.wait, signal: interruption.signal });
      terminal.note(sentence(name, done, performance.now() - started));
      for (const failure of done.undetached) terminal.note(`netloom: a CNI plugin could not give all back: ${failure}`);
      for (const { netns, pid, command } of done.holders)
        terminal.note(`netloom: process ${pid} (${command}) still runs in ${netns}: that namespace goes when it ends`);
    } catch (error) {
      code ||= report(error);
    }
  }
  return interruption.exitCode() ?? code;
}

/** The labs meant: all, those of the files, those named, or the only one. @throws {LabError} `not-found` */
async function namesOf({ args, flags }: DownCall): Promise<readonly string[]> {
  if (flags.all) return labNames();
  if (flags.file.length > 0) return [(await labOfFile({ args, flags })).name];
  if (args.length > 0) return Promise.all(args.map((word) => nameOf(word, flags)));
  const only = flags.lab ?? onlyLab();
  if (only === undefined) throw new LabError("not-found", "no lab is running: there is nothing to take down");
  return [only];
}

async function nameOf(word: string, flags: LabChoice["flags"]): Promise<string> {
  return word.includes(".") || word.includes("/") ? (await labOfFile({ args: [word], flags })).name : word;
}

function sentence(name: string, { deleted, foreign }: DownReport, ms: number): string {
  const kept = foreign.length === 0 ? "" : `; left untouched, because others have them: ${foreign.join(", ")}`;
  return `lab ${name} is down: ${counted(deleted.length, "namespace")} deleted in ${(ms / 1000).toFixed(2)} s${kept}`;
}
