import { basename } from "node:path";
import { isThisExecutable } from "../find.ts";
import { type Served, serve } from "../serve.ts";
import { versionAnswer } from "../version.ts";
import { type CallPlugin, execPlugin } from "./call.ts";

/** Who can be called without a process of its own. */
export interface Own {
  /** The plugin of that name. */
  readonly served: (name: string) => Served | undefined;
  /** Whether a file is the executable that runs, by whatever name; `/proc/self/exe` if absent. */
  readonly isOwn?: (file: string) => boolean;
}

/**
 * Calls a plugin within this process when its file is this executable and it is one of ours, otherwise as a process. What is to
 * be seen of it is the same.
 */
export function inProcess({ served, isOwn = isThisExecutable }: Own): CallPlugin {
  return (call) => {
    const one = isOwn(call.file) ? served(basename(call.file)) : undefined;
    return one === undefined ? execPlugin(call) : serveCall(one, call);
  };
}

const serveCall = async (served: Served, { variables, stdin }: Parameters<CallPlugin>[0]): ReturnType<CallPlugin> => {
  let stdout = "";
  const lines: string[] = [];
  if (variables["CNI_COMMAND"] === "VERSION") {
    return { code: 0, stdout: versionAnswer(stdin, served.versions), stderr: "" };
  }
  const code = await serve(served, {
    env: { ...process.env, ...variables },
    read: () => stdin,
    write: (document) => (stdout += document),
    log: (line) => lines.push(line),
  });
  return { code, stdout, stderr: lines.join("\n") };
};
