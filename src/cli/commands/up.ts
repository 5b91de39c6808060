import { command } from "../command.ts";
import { toggle } from "../flags.ts";
import { labOfFile } from "../labs.ts";
import { dryRun, file, lab, output, timeout, wait } from "../shared-flags.ts";

export const up = command({
  name: "up",
  aliases: ["apply", "deploy"],
  silentAliases: ["dep"],
  about: "make a lab be as its file says, changing only what differs, and test it",
  args: "[FILE...]",
  completes: "file",
  flags: {
    file,
    lab,
    "no-test": toggle("do not test it afterwards"),
    "dry-run": dryRun,
    wait,
    timeout,
    output,
  },
  examples: [
    ["up", "the lab of this folder"],
    ["up -f lab.netloom.yaml", "that of a file"],
    ["up -f - <lab.yaml", "from standard input"],
    ["up --no-test -o json", "only make it, for programs"],
  ],
  exits: [4, 6, 7, 8, 9, 129, 130, 143],
  notes:
    "The test is at the full MTU where no link is impaired. Of a large lab's pairs it asks a sample: 'netloom test' asks all. Ctrl-C undoes what was begun, or says that the same command goes on. A second Ctrl-C ends at once.",
  run: async (call) => {
    const { bringUp } = await import("../bring-up.ts");
    return bringUp(await labOfFile(call), call);
  },
});
