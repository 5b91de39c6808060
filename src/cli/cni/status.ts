import { command } from "../command.ts";
import { networkFlags } from "./environment.ts";

export const status = command({
  name: "cni status",
  about: "ask the plugins of a network whether they are ready for ADD",
  args: "NET [NETNS]",
  completes: "attachment",
  flags: networkFlags,
  examples: [["cni status mynet", "silent when they are; else what is missing"]],
  exits: [6],
  notes:
    "STATUS is there since CNI 1.1.0; networks of older versions count as ready. NETNS is taken for cnitool's sake and not looked at.",
  run: async ({ args, flags, terminal }) => {
    const { status: ask } = await import("../../cni/runtime/index.ts");
    const { networkOf, runtimeOf } = await import("./attachment.ts");
    const { settingsOf } = await import("./environment.ts");
    const { onlyNetwork } = await import("./words.ts");
    const settings = settingsOf(flags, process.env);
    await ask(runtimeOf(settings, terminal), networkOf(onlyNetwork(args, "status"), settings, terminal));
  },
});
