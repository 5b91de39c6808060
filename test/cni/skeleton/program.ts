/** The built executable under a plugin's name, called as a runtime calls it. */
import { mkdirSync, symlinkSync } from "node:fs";
import { executable } from "../plugin-folders.ts";

/** A folder of this sandbox's own, for links. */
export const folder = "/run/skeleton";

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A link to the executable of that name. */
export function linkTo(name: string): string {
  mkdirSync(folder, { recursive: true });
  const path = `${folder}/${name}`;
  symlinkSync(executable, path);
  return path;
}

/** Calls a program with these variables and PATH alone. */
export function call(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  stdin: string | Uint8Array<ArrayBuffer>,
): Said {
  const run = Bun.spawnSync([...command], {
    env: { PATH: process.env["PATH"], ...env },
    stdin: typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin,
  });
  return { code: run.exitCode, stdout: run.stdout.toString(), stderr: run.stderr.toString() };
}

/** The error object of a call that failed: exit code 1, one document with the members of the specification, no stack. */
export function errorOf({ code, stdout, stderr }: Said): Readonly<Record<string, unknown>> {
  if (code !== 1) throw new Error(`exit code ${code}, not 1: ${stdout}${stderr}`);
  if (/\n\s+at |\.ts:\d|\$bunfs/.test(stdout + stderr)) throw new Error(`a stack trace: ${stdout}${stderr}`);
  const { cniVersion, code: number, msg, details, ...other } = JSON.parse(stdout) as Record<string, unknown>;
  if (
    typeof number !== "number" ||
    typeof msg !== "string" ||
    typeof cniVersion !== "string" ||
    Object.keys(other).length > 0
  )
    throw new Error(`no error object: ${stdout}`);
  return { cniVersion, code: number, msg, ...(details !== undefined && { details }) };
}
