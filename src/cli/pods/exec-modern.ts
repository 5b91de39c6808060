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
  exits: [7, 126, 127],
  run: async ({ args, flags }) => {
    if (args[0] === undefined) throw new UsageError("name a pod", "netloom pods exec vm-001-ns01 -- ip address");
    const { execInPod } = await import("./exec.ts");
    const options = [
      ...flags.env.map((one) => `--env=${one}`),
      ...(flags.cwd === undefined ? [] : [`--cwd=${flags.cwd}`]),
      ...(flags.timeout === undefined ? [] : [`--timeout=${flags.timeout / 1000}`]),
    ];
    return execInPod([...options, ...args]);
  },
});
