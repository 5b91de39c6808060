import { command } from "../command.ts";
import { runningLab } from "../labs.ts";
import { file, interval, lab, output, watch } from "../shared-flags.ts";
import { show } from "../show.ts";

export const inspect = command({
  name: "inspect",
  aliases: ["show"],
  about: "show a lab's nodes and pods as they are now: state, addresses, MTU",
  args: "[NAME]",
  completes: "lab",
  flags: { file, lab, output, watch, interval },
  examples: [
    ["inspect", "the only lab"],
    ["inspect overlay -o wide", "with MACs, ports and namespaces"],
    ["inspect overlay -o json", "for programs"],
  ],
  exits: [6, 7],
  run: async (call) => {
    const { membersView } = await import("../views/members.ts");
    const found = await runningLab(call);
    return show(call.terminal, call.flags, () => membersView(found.inspect()));
  },
});
