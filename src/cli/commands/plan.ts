import { command } from "../command.ts";
import { choice, toggle } from "../flags.ts";
import { labOfFile } from "../labs.ts";
import { file, lab } from "../shared-flags.ts";

export const plan = command({
  name: "plan",
  aliases: ["diff"],
  about: "show what `up` would do, and do nothing",
  args: "[FILE...]",
  completes: "file",
  flags: {
    file,
    lab,
    ops: toggle("each single change as an `ip` command line"),
    "exit-code": toggle("exit with 3 when there is something to do"),
    output: choice(["table", "json"], "table", "how to print the plan", { short: "o", aliases: [{ long: "format" }] }),
  },
  examples: [
    ["plan", "what `up` would create, change and delete"],
    ["plan --exit-code -q", "for scripts: 0 nothing to do, 3 differences"],
    ["plan --ops", "as lines that `ip`, `bridge` and `tc` understand"],
  ],
  exits: [3, 6, 7, 8],
  notes: "What this host lacks for the lab is tried in a namespace that is gone afterwards, and told as a warning.",
  run: async (call) => {
    const { flags, terminal } = call;
    const found = await labOfFile(call);
    const planned = found.plan();
    const { formatSummary, isDone, planToCommands, planToJson, summaryOf } = await import("../plan-text.ts");
    const { tellLacking } = await import("../warnings.ts");
    if (!isDone(planned)) tellLacking(found, terminal);
    if (flags.output === "json") terminal.out(`${JSON.stringify(planToJson(planned), undefined, 2)}\n`);
    else if (flags.ops)
      terminal.out(
        planToCommands(planned)
          .map((line) => `${line}\n`)
          .join(""),
      );
    else if (!terminal.quiet) terminal.out(`${formatSummary(summaryOf(planned).lines, terminal.style)}\n`);
    return flags["exit-code"] && !isDone(planned) ? 3 : 0;
  },
});
