import { command } from "../command.ts";
import { toggle } from "../flags.ts";
import { dryRun, file, lab, wait, yes } from "../shared-flags.ts";

export const down = command({
  name: "down",
  aliases: ["destroy"],
  silentAliases: ["des"],
  about: "take labs away, with or without their files, also half-made ones",
  args: "[NAME...]",
  completes: "labs",
  flags: { file, lab, all: toggle("all labs", { short: "a" }), "dry-run": dryRun, wait, yes },
  examples: [
    ["down", "the only lab"],
    ["down overlay other", "these, by name"],
    ["down --all -y", "all, without a question"],
  ],
  exits: [6, 7, 8, 9, 129, 130, 143],
  notes: "Ctrl-C stops it in the middle; the same command goes on. A second Ctrl-C ends at once.",
  run: async (call) => {
    const { takeDown } = await import("../take-down.ts");
    return takeDown(call);
  },
});
