import { command } from "../command.ts";
import { enter, splitCall } from "../exec-fast.ts";
import { lab } from "../shared-flags.ts";
import { parseTarget } from "../target.ts";
import { UsageError } from "../usage.ts";

/** Only for its help and its mistakes: main.ts sends everything else to exec-fast.ts before this is loaded. */
export const exec = command({
  name: "exec",
  about: "run a command in a pod or node",
  args: "[LAB] TARGET [--] COMMAND...",
  completes: "target",
  passesOn: true,
  flags: { lab },
  examples: [
    ["exec vm-001-ns01 -- ip address", "in a pod of the only lab"],
    ["exec overlay vm-001 -- bridge fdb", "in a node of lab overlay"],
    ["exec overlay/vm-001-ns01 ping -c 1 172.16.2.1", "another spelling of it; -- may be left out"],
  ],
  exits: [5, 6, 7, 126, 127],
  notes: [
    "The command has the pod's network, host name, /sys and files of /etc/netns/NAMESPACE. It replaces netloom: input,",
    "output, signals and exit code are its own.",
  ].join("\n"),
  run: ({ args, flags }) => {
    const { words, command } = splitCall(args, flags.lab);
    if (command.length === 0) {
      throw new UsageError("say what to run", `netloom exec ${words.join(" ") || "vm-001-ns01"} -- ip address`);
    }
    return enter(() => parseTarget(words, flags.lab), command);
  },
});
