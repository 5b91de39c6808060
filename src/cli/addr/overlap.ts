import { command } from "../command.ts";
import { output } from "../shared-flags.ts";

export const overlap = command({
  name: "addr overlap",
  about: "find templates and prefixes with addresses in common",
  args: "[NAME=]TEMPLATE|PREFIX...",
  completes: "none",
  flags: { output },
  examples: [
    ["addr overlap 172.16.0.0/16/24 192.168.1.0/24", "pods against nodes: exit code 0, they are apart"],
    ["addr overlap 172.16.0.0/12/24 172.18.0.0/15 -o wide", "1, and which nets they share"],
    ["addr overlap vm-1=10.1.0.0/24 vm-2=10.2.0.0/24 vm-3=10.1.0.128/25", "each with each, by name"],
  ],
  exits: [1],
  notes: "Exit code 0 where none overlap, 1 where some do.",
  run: async ({ args, flags, terminal }) => {
    const { overlapsOf, parseSpace } = await import("../../xcluster/index.ts");
    const { overlapView } = await import("./overlap-view.ts");
    const { print } = await import("./print.ts");
    const { atLeast } = await import("./only.ts");
    const example = "netloom addr overlap 172.16.0.0/16/24 192.168.1.0/24";
    const spaces = atLeast(args, 2, "two or more of TEMPLATE and PREFIX", example).map(parseSpace);
    const found = overlapsOf(spaces);
    const people = flags.output === "table" || flags.output === "wide";
    if (found.length > 0 || !people) await print(terminal, overlapView(found), flags.output);
    else terminal.note(`none of the ${spaces.length} overlap`);
    return found.length === 0 ? 0 : 1;
  },
});
