import { command } from "../command.ts";
import { toggle } from "../flags.ts";
import { attachmentFlags, networkFlags } from "./environment.ts";

export const check = command({
  name: "cni check",
  about: "ask the plugins whether an attachment is as they made it",
  args: "NET NETNS",
  completes: "attachment",
  flags: {
    ...attachmentFlags,
    ...networkFlags,
    current: toggle("by the configuration as it is now, not as it was at ADD"),
  },
  examples: [
    ["cni check mynet a", "eth0 of the namespace a"],
    ["cni check mynet a && echo fine", "in a script"],
  ],
  exits: [6],
  run: async ({ args, flags, terminal }) => {
    const { check: ask } = await import("../../cni/runtime/index.ts");
    const { knownAttachmentOf, networkIfAny, runtimeOf } = await import("./attachment.ts");
    const { settingsOf } = await import("./environment.ts");
    const settings = settingsOf(flags, process.env);
    const { network, attachment } = knownAttachmentOf(args, settings, "check");
    const list = networkIfAny(network, settings, terminal);
    const which = flags.current ? "given" : "remembered";
    await ask(runtimeOf(settings, terminal), list?.name ?? network, list, attachment, which);
  },
});
