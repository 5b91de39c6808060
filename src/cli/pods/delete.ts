import { command } from "../command.ts";
import { toggle } from "../flags.ts";
import { UsageError } from "../usage.ts";

export const remove = command({
  name: "pods delete",
  about: "delete pods, by name or all; nothing that netloom did not make",
  args: "[NAME...]",
  completes: "none",
  flags: { all: toggle("all pods and bridges, tunnels and other links that pods commands made", { short: "a" }) },
  examples: [
    ["pods delete vm-001-ns01 vm-001-ns02", "these; those that are not there are fine"],
    ["pods delete --all", "everything that 'netloom pods' and netns_test made here"],
  ],
  exits: [6, 8],
  run: async ({ args, flags, terminal }) => {
    if (flags.all === args.length > 0) {
      throw new UsageError("name pods, or say --all", "netloom pods list shows what there is");
    }
    const { removePods } = await import("./native.ts");
    return removePods(flags.all ? undefined : args, terminal);
  },
});
