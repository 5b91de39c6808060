import { command } from "../command.ts";
import { knownFlags } from "./environment.ts";

export const check = command({
  name: "cni check",
  about: "ask the plugins whether an attachment is as they made it",
  args: "NET NETNS",
  completes: "attachment",
  flags: knownFlags,
  examples: [
    ["cni check mynet a", "eth0 of the namespace a"],
    ["cni check mynet a && echo fine", "in a script"],
  ],
  exits: [6],
  run: async (call) => {
    const runtime = await import("../../cni/runtime/index.ts");
    const { onKnown } = await import("./attachment.ts");
    await onKnown(call, "check", runtime.check);
  },
});
