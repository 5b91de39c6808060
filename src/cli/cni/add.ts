import { command } from "../command.ts";
import { attachmentFlags, networkFlags } from "./environment.ts";

export const add = command({
  name: "cni add",
  about: "attach a namespace to a network and print the result",
  args: "NET NETNS",
  completes: "attachment",
  flags: { ...attachmentFlags, ...networkFlags },
  examples: [
    ["cni add mynet a", "eth0 in the namespace that 'ip netns' calls a"],
    ["cni add mynet /proc/4711/ns/net -i eth1", "another interface, in a process's namespace"],
    ["cni add ./net.conflist a", "a network by its file"],
    ['cni add mynet a --cap-args "$(cat ports.json)"', "with published ports"],
  ],
  exits: [6, 8, 129, 130, 143],
  notes:
    "When a plugin fails, the result cannot be written or a signal comes, the plugins that were called get a DEL: nothing stays. An attachment that is there already is refused; 'netloom cni del' goes first. Plugins of this executable are called without a process of their own.",
  run: async ({ args, flags, terminal }) => {
    const { add: attach } = await import("../../cni/runtime/index.ts");
    const { attachmentOf, networkOf, runtimeOf } = await import("./attachment.ts");
    const { requireNamespace } = await import("./live.ts");
    const { uselessNote } = await import("./capabilities.ts");
    const { settingsOf } = await import("./environment.ts");
    const { stoppable } = await import("./stoppable.ts");
    const settings = settingsOf(flags, process.env);
    const { network, attachment } = attachmentOf(args, settings, "add");
    const list = networkOf(network, settings, terminal);
    requireNamespace(attachment.netns);
    const note = uselessNote(list, settings.capabilityArgs);
    if (note !== undefined) terminal.note(note);
    const { printResult } = await import("./print-result.ts");
    return stoppable(terminal.note, (signal) =>
      attach(runtimeOf(settings, terminal), list, attachment, { signal, answer: printResult }),
    );
  },
});
