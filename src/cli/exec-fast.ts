import { type Target, become, explainMissing, isLabAndTarget, parseTarget } from "./target.ts";

interface ExecCall {
  readonly words: readonly string[];
  readonly command: readonly string[];
  readonly lab: string | undefined;
}

/**
 * `netloom exec`, from its arguments to `execve`, with as few imports as can be. Whatever is not the plain case (help,
 * a wrong flag, nothing to run, an unknown name) goes to the whole program, which explains it.
 */
export async function execFast(argv: readonly string[]): Promise<number> {
  const call = parseExec(argv);
  if (call === undefined) return (await import("./run.ts")).run(["exec", ...argv]);
  return enter(() => parseTarget(call.words, call.lab), call.command);
}

/** Becomes the command, or says why not and with which exit code: 126 and 127 are a shell's for what cannot run. */
export async function enter(
  targetOf: () => Target,
  command: readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<number> {
  try {
    const target = targetOf();
    try {
      return await become(target, command, env);
    } catch (error) {
      throw isMissing(error) ? await explainMissing(target) : error;
    }
  } catch (error) {
    const reason = cannotRun(error);
    if (reason !== undefined) {
      console.error(`netloom: exec: ${command[0]}: ${reason.text}`);
      return reason.code;
    }
    return (await import("./report.ts")).report(error);
  }
}

/** What is asked, or nothing where the plain rules do not fit. */
function parseExec(argv: readonly string[]): ExecCall | undefined {
  let lab = process.env["NETLOOM_EXEC_LAB"] ?? process.env["NETLOOM_LAB"];
  if (lab === "") lab = undefined;
  let at = 0;
  for (; argv[at]?.startsWith("-") === true && argv[at] !== "--"; at++) {
    const flag = argv[at] ?? "";
    if (flag.startsWith("--lab=")) lab = flag.slice("--lab=".length);
    else if (flag === "--lab" && argv[at + 1] !== undefined) lab = argv[++at];
    else return undefined;
  }
  const { words, command } = splitCall(argv.slice(at), lab);
  return command.length === 0 || words.length === 0 ? undefined : { words, command, lab };
}

/** `TARGET`, `LAB TARGET`, then perhaps `--`, then the command. */
export function splitCall(argv: readonly string[], lab: string | undefined): Omit<ExecCall, "lab"> {
  const dashes = argv.indexOf("--");
  if (dashes >= 0 && dashes <= 2) return { words: argv.slice(0, dashes), command: argv.slice(dashes + 1) };
  const [first = "", second] = argv;
  const hasLab = lab === undefined && second !== undefined && isLabAndTarget(first, second);
  return { words: argv.slice(0, hasLab ? 2 : 1), command: argv.slice(hasLab ? 2 : 1) };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === "NetnsError";
}

function cannotRun(error: unknown): { readonly code: 126 | 127; readonly text: string } | undefined {
  if (!(error instanceof Error && "syscall" in error && error.syscall === "execve" && "code" in error))
    return undefined;
  if (error.code === "ENOENT") return { code: 127, text: "not found" };
  const why: Readonly<Record<string, string>> = {
    EACCES: "not executable",
    ENOEXEC: "not a program",
    EISDIR: "a folder",
    E2BIG: "its arguments are too long",
  };
  return { code: 126, text: why[String(error.code)] ?? `cannot run (${String(error.code)})` };
}
