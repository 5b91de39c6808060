import { command } from "../command.ts";
import { choice } from "../flags.ts";
import { labOfFile, runningLab } from "../labs.ts";
import { file, lab } from "../shared-flags.ts";

export const doctor = command({
  name: "doctor",
  about: "say what this host can do for labs, and how to get what is missing",
  args: "[FILE...]",
  completes: "file",
  flags: {
    file,
    lab,
    output: choice(["table", "wide", "json", "yaml", "name", "csv"], "table", "how to print the findings", {
      short: "o",
      aliases: [{ long: "format" }],
    }),
  },
  examples: [
    ["doctor", "the host, for basic labs"],
    ["doctor lab.netloom.yaml", "what this lab needs of it"],
    ["doctor -o json", "for programs"],
  ],
  exits: [6, 7],
  notes:
    "Kernel features are tried in a namespace that is gone afterwards. ✓ is there, ✗ is not, ? could not be found out; -o name prints what is not. Only what labs need makes it fail: of a file, what that lab needs.",
  run: async (call) => {
    const { showFindings } = await import("../views/findings.ts");
    const { examine } = await import("../../lab/index.ts");
    const file = call.args.length > 0 || call.flags.file.length > 0;
    const given = file ? await labOfFile(call) : call.flags.lab === undefined ? undefined : await runningLab(call);
    const report = examine(given?.topology);
    call.terminal.out(await showFindings(report, call.flags.output, call.terminal));
    return report.ready ? 0 : 6;
  },
});
