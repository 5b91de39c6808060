import { existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../scripts/compile.ts";

export const root = join(import.meta.dir, "../..");
const folder = join(root, "dist/bench");

/** The built executable; `NETLOOM_BENCH_PROGRAM` measures another one. */
export const netloom = process.env["NETLOOM_BENCH_PROGRAM"] ?? join(root, "dist/netloom");
/**
 * Made by {@link buildPrograms}: an empty program compiled by `bun build --compile`, the same with all flags that netloom is
 * built with, and the runner of commands.
 */
export const empty = join(folder, "empty");
export const emptyAlike = join(folder, "empty-alike");
export const spawner = join(folder, "spawn");

/** The folder of the reference CNI plugins, where `test/peers/setup` could build them. */
export const referencePlugins = builtPeers();

function builtPeers(): string | undefined {
  const folder = Bun.spawnSync(["sh", join(root, "test/peers/setup"), "where"])
    .stdout.toString()
    .trim();
  return existsSync(join(folder, "bridge")) ? folder : undefined;
}

/** Builds what the benchmarks need beside netloom. @throws what the compilers say */
export async function buildPrograms(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const runner = join(import.meta.dir, "spawn.c");
  if (!existsSync(spawner) || statSync(spawner).mtimeMs < statSync(runner).mtimeMs) {
    must(["gcc", "-O2", "-Wall", "-Wextra", "-o", spawner, runner]);
  }
  const source = join(import.meta.dir, "empty.ts");
  must([process.execPath, "build", source, "--compile", `--outfile=${empty}`]);
  await compile(source, emptyAlike);
}

/** Runs a command that has to succeed and returns its output. @throws {Error} with what it said */
export function must(command: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const done = Bun.spawnSync([...command], { stdin: "ignore", env: { ...process.env, ...env } });
  const said = `${done.stdout.toString()}${done.stderr.toString()}`;
  if (!done.success) throw new Error(`${command.join(" ").slice(0, 200)}: exit ${done.exitCode}\n${said}`);
  return done.stdout.toString();
}
