import { command } from "../command.ts";
import { duration, text, texts } from "../flags.ts";
import { UsageError } from "../usage.ts";

export const podsExec = command({
  name: "pods exec",
  about: "run a command in a pod; a shell without one",
  args: "POD [--] [COMMAND...]",
  completes: "none",
  passesOn: true,
  flags: {
    env: texts("NAME=VALUE", "a variable of the command", { short: "e" }),
    cwd: text("FOLDER", "where the command runs", { short: "w" }),
    timeout: duration("end it by SIGALRM after so long"),
  },
  examples: [
    ["pods exec vm-001-ns01 -- ip address", "with the pod's network, host name and /sys"],
    ["pods exec vm-001-ns01", "a shell"],
  ],
  exits: [5, 6, 126, 127],
  run: async ({ args: [pod, ...rest], flags }) => {
    if (pod === undefined) throw new UsageError("name a pod", "netloom pods exec vm-001-ns01 -- ip address");
    const environment = { ...process.env, ...Object.fromEntries(flags.env.map(variable)) };
    const { runInPod } = await import("./run-in-pod.ts");
    return runInPod({
      pod,
      command: rest[0] === "--" ? rest.slice(1) : rest,
      environment,
      ...(flags.cwd !== undefined && { folder: flags.cwd }),
      ...(flags.timeout !== undefined && { timeout: flags.timeout / 1000 }),
    });
  },
});

/** @throws {UsageError} */
function variable(text: string): readonly [name: string, value: string] {
  const equals = text.indexOf("=");
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw new UsageError(`--env ${text}: give NAME=VALUE`, "like this: --env LANG=C");
}
