import { NetnsError, becomeInside } from "../../netns/index.ts";
import { SysError, alarmAfter, changeFolder, writeText } from "../../sys/index.ts";

/** How a command in a pod is run. */
interface ExecCall {
  readonly pod: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder?: string;
  /** Seconds until the command is ended by SIGALRM. */
  readonly timeout?: number;
}

/** `exec [--env=NAME=VALUE…] [--cwd=FOLDER] [--timeout=SECONDS] POD [--] [COMMAND…]`: becomes the command, or says why not. */
export function execInPod(words: readonly string[]): number {
  const call = parse(words);
  if (typeof call === "string") return refuse(call);
  const { pod, command, environment, folder, timeout } = call;
  try {
    if (folder !== undefined) changeFolder(folder);
    if (timeout !== undefined) alarmAfter(timeout);
    becomeInside(pod, command, environment);
  } catch (error) {
    if (error instanceof SysError && error.syscall === "execve") {
      refuse(`${command[0]}: ${error.code === "ENOENT" ? "not found" : error.message}`);
      return error.code === "ENOENT" ? 127 : 126;
    }
    if (error instanceof SysError || error instanceof NetnsError) return refuse(error.message);
    throw error;
  }
}

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
    else return `exec has no option ${words[at]}; it has --env=NAME=VALUE, --cwd=FOLDER and --timeout=SECONDS`;
  }
  const pod = words[at] ?? "";
  if (pod === "") return "No pod";
  const rest = words.slice(words[at + 1] === "--" ? at + 2 : at + 1);
  const command = rest.length > 0 ? rest : [process.env["SHELL"] ?? "/bin/sh"];
  return {
    pod,
    command,
    environment,
    ...(folder !== undefined && { folder }),
    ...(timeout !== undefined && { timeout }),
  };
}

function refuse(text: string): number {
  writeText(2, `ERROR: ${text}\n`, "write to standard error");
  return 1;
}
