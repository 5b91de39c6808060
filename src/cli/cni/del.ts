import { command } from "../command.ts";
import { knownFlags } from "./environment.ts";

export const del = command({
  name: "cni del",
  about: "detach a namespace from a network; doing it again is fine",
  args: "NET NETNS",
  completes: "attachment",
  flags: knownFlags,
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
  run: async (call) => {
    const runtime = await import("../../cni/runtime/index.ts");
    const { onKnown } = await import("./attachment.ts");
    await onKnown(call, "del", runtime.del);
  },
});
