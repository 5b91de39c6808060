import { NetnsError, becomeInside } from "../../netns/index.ts";
import { SysError, alarmAfter, changeFolder, identity, writeText } from "../../sys/index.ts";

/** How a command in a pod is run. */
export interface ExecCall {
  readonly pod: string;
  /** A shell where it is empty. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder?: string;
  /** Seconds until the command is ended by SIGALRM. */
  readonly timeout?: number;
}

/**
 * Becomes the command. Returns only where the kernel cannot run it: why, and with which exit code, which are a shell's.
 * @throws {NetnsError} `missing`; {@link SysError}
 */
export function becomePod({ pod, command, environment, folder, timeout }: ExecCall): {
  readonly code: 126 | 127;
  readonly text: string;
} {
  const [program = process.env["SHELL"] ?? "/bin/sh", ...words] = command;
  try {
    if (folder !== undefined) changeFolder(folder);
    if (timeout !== undefined) alarmAfter(timeout);
    becomeInside(pod, [program, ...words], environment);
  } catch (error) {
    if (!(error instanceof SysError && error.syscall === "execve")) throw error;
    if (error.code !== "ENOENT") return { code: 126, text: `${program}: ${error.message}` };
    if (program === "") return { code: 127, text: "the command is an empty word" };
    // The file may be there, and what is to run it not.
    const found = program.includes("/") && identity(program) !== undefined;
    return {
      code: 127,
      text: found ? `${program}: the interpreter that it names is not there` : `${program}: not found`,
    };
  }
}

/** `exec [--env=NAME=VALUE…] [--cwd=FOLDER] [--timeout=SECONDS] POD [--] [COMMAND…]`: becomes the command, or says why not. */
export async function execInPod(words: readonly string[]): Promise<number> {
  const call = parse(words);
  if (typeof call === "string") return refuse(call);
  try {
    const { code, text } = becomePod(call);
    refuse(text);
    return code;
  } catch (error) {
    if (error instanceof NetnsError) return refuse(error.message);
    if (!(error instanceof SysError)) throw error;
    const { PodsError, podsErrorOf } = await import("../../pods/index.ts");
    const explained = podsErrorOf(error);
    const hint = explained instanceof PodsError && explained.hint !== undefined ? `\n  ${explained.hint}` : "";
    return refuse(`${error.message}${hint}`);
  }
}

const wanted = { env: "NAME=VALUE", cwd: "FOLDER", timeout: "SECONDS" } as const;

/** What is asked, or why it makes no sense. The command's words are not looked at. */
function parse(words: readonly string[]): ExecCall | string {
  const environment: Record<string, string | undefined> = { ...process.env };
  let folder: string | undefined;
  let timeout: number | undefined;
  let at = 0;
  for (; words[at]?.startsWith("--") === true; at++) {
    const [, option = "", value = ""] = /^--([^=]*)=?(.*)$/s.exec(words[at] ?? "") ?? [];
    if (option === "env" && value.includes("=")) {
      environment[value.slice(0, value.indexOf("="))] = value.slice(value.indexOf("=") + 1);
    } else if (option === "cwd" && value !== "") folder = value;
    else if (option === "timeout" && /^\d{1,9}(\.\d+)?$/.test(value) && Number(value) > 0) timeout = Number(value);
    else if (option in wanted)
      return `exec ${words[at]}: it is written --${option}=${wanted[option as keyof typeof wanted]}`;
    else return `exec has no option ${words[at]}; it has --env=NAME=VALUE, --cwd=FOLDER and --timeout=SECONDS`;
  }
  const pod = words[at] ?? "";
  if (pod === "") return "No pod";
  const rest = words.slice(words[at + 1] === "--" ? at + 2 : at + 1);
  return {
    pod,
    command: rest,
    environment,
    ...(folder !== undefined && { folder }),
    ...(timeout !== undefined && { timeout }),
  };
}

function refuse(text: string): number {
  writeText(2, `ERROR: ${text}\n`, "write to standard error");
  return 1;
}
