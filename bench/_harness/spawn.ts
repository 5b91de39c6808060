import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { spawner } from "./programs.ts";

/** Files of a benchmark, on the sandbox's own tmpfs. */
export const scratch = "/run/bench";

/** What one command took. */
export interface Sample {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Of it in the kernel. */
  readonly kernelSeconds: number;
  /** Peak resident memory, MiB. */
  readonly peakMiB: number;
}

/** Its words; before the program, options of `spawn.c`. */
export type Command = readonly string[];

/** Runs commands in turn, `rounds` times over, each beginning one further: the samples of each command. @throws if one fails */
export function interleave(rounds: number, commands: readonly Command[]): Sample[][] {
  const samples: Sample[][] = commands.map(() => []);
  for (const { index, sample } of spawn(rounds, 1, commands)) samples[index]?.push(sample);
  return samples;
}

/** Runs one command. @throws if it fails */
export function once(command: Command): Sample {
  const sample = interleave(1, [command])[0]?.[0];
  if (sample === undefined) throw new Error(`${command.join(" ")} was not run`);
  return sample;
}

/** Runs commands, `jobs` at a time, and returns what all took. @throws if one fails */
export function together(jobs: number, commands: readonly Command[]): Sample {
  const [line] = spawn(1, jobs === 1 ? 0 : jobs, commands);
  if (line === undefined) throw new Error("the commands were not run");
  return line.sample;
}

function spawn(rounds: number, jobs: number, commands: readonly Command[]): { index: number; sample: Sample }[] {
  mkdirSync(scratch, { recursive: true });
  const list = `${scratch}/commands`;
  writeFileSync(list, commands.map((words) => `${words.join("\t")}\n`).join(""));
  const done = Bun.spawnSync([spawner, String(rounds), String(jobs), list], { stdin: "ignore" });
  const said = done.stderr.toString();
  if (!done.success) throw new Error(`the runner of commands: exit ${done.exitCode}\n${said}`);
  return done.stdout
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [index = 0, wall = 0, user = 0, system = 0, peak = 0, status = 0] = line.split(" ").map(Number);
      if (status !== 0) {
        const command = commands[index] ?? commands[0] ?? [];
        throw new Error(`exit ${status} from ${command.join(" ")}\n${said}${written(command)}`);
      }
      const cpu = { cpuSeconds: (user + system) / 1e6, kernelSeconds: system / 1e6 };
      return { index, sample: { seconds: wall / 1e9, ...cpu, peakMiB: peak / 1024 } };
    });
}

/** What a command has put into its file of standard output: a plugin's errors are there. */
function written(command: Command): string {
  const file = command[command.indexOf("-o") + 1];
  return command.includes("-o") && file !== undefined && existsSync(file) ? readFileSync(file, "utf8") : "";
}
