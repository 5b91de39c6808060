/** Plugins that are other programs: run one, and read its failure as libcni does. */
import { isObject, lookUp } from "./conf.ts";
import { parseResult } from "./convert.ts";
import type { Variables } from "./environment.ts";
import { CniError, codes } from "./error.ts";
import type { Result } from "./result.ts";
import type { SpecVersion } from "./version.ts";

/** What a program wrote, and how it ended. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code, or 128 and the signal that ended it. */
  readonly code: number;
}

/** The program could not be started at all, so it has done nothing. */
export class NotStarted extends CniError {}

export interface PluginCall {
  /** Name of the plugin, for errors. */
  readonly type: string;
  /** Path of the program. */
  readonly executable: string;
  /** All variables it gets, CNI's among them. */
  readonly env: Variables;
  /** Its configuration. */
  readonly stdin: string;
  /** Told what a plugin that succeeded wrote to standard error. */
  readonly log: (text: string) => void;
}

/** "Text file busy": the program is being replaced; libcni waits as long. */
const BUSY_TRIES = 6;
const BUSY_PAUSE_MS = 1000;

/**
 * Runs a plugin; returns what it wrote to standard output.
 * @throws {CniError} the plugin's own; 107 where it failed without one
 * @throws {NotStarted} 102 where it cannot be run
 */
export function callPlugin(call: PluginCall): string {
  const { stdout, stderr, code } = invoke(call.executable, call.env, call.stdin);
  if (code !== 0) throw failureOf(call.type, stdout, stderr, code);
  if (stderr !== "") call.log(stderr.trimEnd());
  return stdout;
}

/** The result that a plugin printed. `version` is the configuration's. @throws {CniError} 107 when it is none */
export function parseOutput(type: string, stdout: string, version: SpecVersion): Result {
  let value: unknown;
  try {
    value = JSON.parse(stdout);
  } catch (error) {
    const why = stdout === "" ? "it printed none" : `it is no JSON: ${short(stdout)}`;
    throw new CniError(codes.delegate, `cannot read the result of plugin ${type}: ${why}`, undefined, { cause: error });
  }
  try {
    return parseResult(value, version);
  } catch (error) {
    if (!(error instanceof CniError)) throw error;
    throw new CniError(error.code, `cannot read the result of plugin ${type}: ${error.message}`, error.details, {
      cause: error,
    });
  }
}

/**
 * Runs a program with these variables and this standard input to its end.
 * @throws {NotStarted} 102
 */
export function invoke(executable: string, env: Variables, stdin: string): Output {
  for (let tries = 1; ; tries++) {
    try {
      const { stdout, stderr, exitCode, signalCode } = Bun.spawnSync([executable], {
        env: { ...env },
        stdin: new TextEncoder().encode(stdin),
      });
      const code = signalCode === undefined ? exitCode : 128 + signalNumber(String(signalCode));
      return { stdout: stdout.toString(), stderr: stderr.toString(), code };
    } catch (error) {
      const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
      if (reason === "ETXTBSY" && tries < BUSY_TRIES) Bun.sleepSync(BUSY_PAUSE_MS);
      else throw notStarted(executable, reason, error);
    }
  }
}

function notStarted(executable: string, reason: string, cause: unknown): NotStarted {
  const why: Readonly<Record<string, readonly [string, string]>> = {
    EACCES: ["it is not executable", `chmod +x ${executable}`],
    ENOENT: ["it, or the interpreter that it names, is not there", "install it anew"],
    ENOEXEC: ["it is no program", "it begins neither as an executable nor with #!"],
    ETXTBSY: ["it is being written", "try again when it is installed"],
  };
  const [what, details] = why[reason] ?? [reason, undefined];
  return new NotStarted(codes.missing, `cannot run ${executable}: ${what}`, details, { cause });
}

/** The numbers of signal(7) that end programs that went wrong. */
function signalNumber(name: string): number {
  const numbers: Readonly<Record<string, number>> = {
    SIGHUP: 1,
    SIGINT: 2,
    SIGQUIT: 3,
    SIGILL: 4,
    SIGTRAP: 5,
    SIGABRT: 6,
    SIGBUS: 7,
    SIGFPE: 8,
    SIGKILL: 9,
    SIGSEGV: 11,
    SIGPIPE: 13,
    SIGTERM: 15,
    SIGXCPU: 24,
    SIGSYS: 31,
  };
  return numbers[name] ?? 0;
}

/** What a plugin's failure says: its error object, else whatever it wrote. `code` is as in {@link Output}. */
export function failureOf(type: string, stdout: string, stderr: string, code: number): CniError {
  const said = errorIn(stdout);
  if (said !== undefined) return said;
  const end = code > 128 ? `signal ${code - 128}` : `exit code ${code}`;
  if (stdout.trim() !== "") {
    return new CniError(codes.delegate, `plugin ${type} failed (${end}) without an error object`, short(stdout));
  }
  if (stderr.trim() !== "") return new CniError(codes.delegate, `plugin ${type} failed (${end})`, short(stderr));
  return new CniError(codes.delegate, `plugin ${type} failed (${end}) and said nothing`);
}

function errorIn(stdout: string): CniError | undefined {
  try {
    const object: unknown = JSON.parse(stdout);
    if (!isObject(object)) return undefined;
    const code = lookUp(object, "code");
    const message = lookUp(object, "msg");
    const details = lookUp(object, "details");
    if (typeof code !== "number" || typeof message !== "string") return undefined;
    return new CniError(code, message, typeof details === "string" && details !== "" ? details : undefined);
  } catch {
    return undefined;
  }
}

const SHOWN = 2000;

function short(text: string): string {
  const line = text.trim();
  return line.length <= SHOWN ? line : `${line.slice(0, SHOWN)}…`;
}
