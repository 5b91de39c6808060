import { command } from "../command.ts";
import { toggle } from "../flags.ts";
import { attachmentFlags, networkFlags } from "./environment.ts";

export const del = command({
  name: "cni del",
  about: "detach a namespace from a network; doing it again is fine",
  args: "NET NETNS",
  completes: "attachment",
  flags: {
    ...attachmentFlags,
    ...networkFlags,
    current: toggle("by the configuration as it is now, not as it was at ADD"),
  },
  examples: [
    ["cni del mynet a", "eth0 of the namespace a"],
    [
      "cni del $(netloom cni ls -o name | head -1)",
      "an attachment by what 'cni ls' prints, also when its namespace is gone",
    ],
    ["cni del mynet a --current", "after a mistake in the configuration was mended"],
  ],
  exits: [6, 8],
  notes:
    "Configuration, arguments and capabilities are those of ADD as far as they are remembered, so a published port goes without saying it again.",
  run: async ({ args, flags, terminal }) => {
    const { del: detach } = await import("../../cni/runtime/index.ts");
    const { knownAttachmentOf, networkIfAny, runtimeOf } = await import("./attachment.ts");
    const { settingsOf } = await import("./environment.ts");
    const settings = settingsOf(flags, process.env);
    const { network, attachment } = knownAttachmentOf(args, settings, "del");
    const list = networkIfAny(network, settings, terminal);
    const which = flags.current ? "given" : "remembered";
    await detach(runtimeOf(settings, terminal), list?.name ?? network, list, attachment, which);
  },
});
