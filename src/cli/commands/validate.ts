import { command } from "../command.ts";
import { counted } from "../counted.ts";
import { labOfFile } from "../labs.ts";
import { file, lab } from "../shared-flags.ts";

export const validate = command({
  name: "validate",
  about: "check lab files: every problem as file:line:col, with a hint",
  args: "[FILE...]",
  completes: "file",
  flags: { file, lab },
  examples: [
    ["validate", "the lab file of this folder"],
    ["validate lab.netloom.yaml", "this one"],
    ["validate -f base.netloom.yaml -f more.yaml", "two, laid over each other"],
  ],
  exits: [7],
  run: async (call) => {
    const { tellWarnings } = await import("../warnings.ts");
    const found = await labOfFile(call);
    // The wish is where the last impossible things show.
    const { nodes } = found.topology;
    const pods = nodes.reduce((sum, node) => sum + node.pods.length, 0);
    const namespaces = found.wish.namespaces.length;
    tellWarnings(found, call.terminal);
    call.terminal.note(
      `${found.file.files.join(", ")}: lab ${found.name} is valid: ${counted(nodes.length, "node")}, ${counted(pods, "pod")}, ${counted(namespaces, "namespace")}`,
    );
  },
});
