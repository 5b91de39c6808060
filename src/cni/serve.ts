/** A plugin as a program: variables and standard input in, one JSON document and an exit code out. */
import { callOf, parseConf } from "./call.ts";
import { lookUp } from "./conf.ts";
import { type Environment, type Variables, readEnvironment } from "./environment.ts";
import type { JsonObject, Plugin } from "./plugin.ts";
import { perform } from "./perform.ts";
import { type SpecVersion, newestVersion } from "./version.ts";
import type { Find } from "./work.ts";

/** A plugin that is not loaded yet. */
export interface Served {
  readonly name: string;
  readonly versions: readonly SpecVersion[];
  readonly load: () => Promise<Plugin>;
  /** The other plugins of this executable, for delegation. */
  readonly find: Find;
}

/** What the program touches of its process. */
export interface Io {
  readonly env: Variables;
  /** All of standard input. @throws {CniError} 5 */
  readonly read: () => string;
  /** Writes the one document to standard output. @throws {CniError} 5 */
  readonly write: (document: string) => void;
  /** Writes a line to standard error. */
  readonly log: (line: string) => void;
}

/** Serves one call; returns the exit code. Never throws. */
export async function serve(served: Served, io: Io): Promise<0 | 1> {
  let version: string = newestVersion;
  try {
    const environment = readEnvironment(io.env);
    const stdin = io.read();
    const conf = parseConf(stdin);
    version = saidVersion(conf);
    await answerTo(served, io, environment, conf, stdin);
    return 0;
  } catch (error) {
    const { errorObject, toCniError } = await import("./print-error.ts");
    const failure = toCniError(error);
    try {
      io.write(JSON.stringify(errorObject(failure, version), undefined, 4));
    } catch {
      // Standard output cannot be written: people are told at least.
      io.log(`${served.name}: ${failure.message}`);
    }
    return 1;
  }
}

async function answerTo(
  served: Served,
  io: Io,
  environment: Environment,
  conf: JsonObject,
  stdin: string,
): Promise<void> {
  const warn = (text: string): void => io.log(`${served.name}: ${text}`);
  const call = { ...callOf(environment, conf, served.versions, warn), text: stdin };
  const ports = { env: io.env, stdin, find: served.find, log: io.log };
  await perform(await served.load(), call, ports, {
    ownNetns: environment.ownNetns,
    answer: (printed) => printed && io.write(JSON.stringify(printed, undefined, 4)),
  });
}

/** The version an error is to name: the configuration's, whatever it is. */
function saidVersion(conf: JsonObject): string {
  const said = lookUp(conf, "cniVersion");
  return typeof said === "string" && said !== "" ? said : newestVersion;
}
