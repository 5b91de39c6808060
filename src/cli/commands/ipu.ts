import { command } from "../command.ts";

export const ipu = command({
  name: "ipu",
  about: "be xcluster's address program, as under the name ipu",
  args: "[COMMAND...]",
  passesOn: true,
  completes: "none",
  flags: {},
  examples: [
    ["ipu makeip --cidr=172.16.0.0/16/24 --net=2 --host=3 --subnet=2", "172.16.2.3/24"],
    ["ipu", "what it can do"],
  ],
  notes:
    "Output, messages and exit codes are those of ipu 1.2.0, quirks included; with --strict what is not exactly right is refused. 'netloom addr' is its friendlier twin.",
  run: async ({ args }) => (await import("../ipu-fast.ts")).ipuFast(args),
});
