import { CniError, codes } from "../error.ts";

/** A plugin's call as its process gets it. */
export interface PluginCall {
  /** Its executable. */
  readonly file: string;
  /** The six variables of the specification, all of them set. */
  readonly variables: Readonly<Record<string, string>>;
  readonly stdin: string;
}

/** What came of it. */
export interface PluginAnswer {
  /** 0 is success; 128 and more is the signal that ended the process. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs plugins: as processes, or those that are ours within this one. Both are to be told apart by nothing but their speed. */
export type CallPlugin = (call: PluginCall) => Promise<PluginAnswer>;

const PATIENCE = 5000;
const PAUSE = 100;

/** Runs a plugin as a process, with this process's environment and in its namespaces. @throws {CniError} 102, 107 when it cannot be started */
export const execPlugin: CallPlugin = (call) => execPluginBy((start) => start())(call);

type Child = ReturnType<typeof spawn>;

/** As {@link execPlugin}; `around` starts each process, e.g. inside another namespace. */
export const execPluginBy =
  (around: (start: () => Child) => Child): CallPlugin =>
  async ({ file, variables, stdin }) => {
    const child = await start(file, { ...process.env, ...variables }, stdin, around);
    const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    return { code, stdout, stderr };
  };

function spawn(file: string, env: Readonly<Record<string, string | undefined>>, stdin: string) {
  return Bun.spawn([file], { env, stdin: new TextEncoder().encode(stdin), stdout: "pipe", stderr: "pipe" });
}

/** An executable that is just being replaced is busy for a moment. */
async function start(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
  stdin: string,
  around: (start: () => Child) => Child,
): Promise<Child> {
  const until = performance.now() + PATIENCE;
  for (;;) {
    try {
      return around(() => spawn(file, env, stdin));
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code !== "ETXTBSY" || performance.now() >= until) throw notStarted(file, error, code);
      await Bun.sleep(PAUSE);
    }
  }
}

function notStarted(file: string, error: unknown, code: unknown): CniError {
  const why = code === "EACCES" ? "it is not executable" : error instanceof Error ? error.message : String(error);
  const how = code === "EACCES" ? `chmod +x ${file}` : undefined;
  return new CniError(codes.missing, `cannot run ${file}: ${why}`, how, { cause: error });
}
