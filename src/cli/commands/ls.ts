import { command } from "../command.ts";
import { interval, output, watch } from "../shared-flags.ts";
import { show } from "../show.ts";

export const ls = command({
  name: "ls",
  aliases: ["list"],
  about: "list the labs on this machine, also half-made ones",
  completes: "none",
  flags: { output, watch, interval },
  examples: [
    ["ls", "all labs"],
    ["ls -o name", "their names, for other commands"],
    ["ls --watch", "again and again"],
  ],
  run: async ({ flags, terminal }) => {
    const { labsView } = await import("../views/labs.ts");
    const people = !flags.watch && (flags.output === "table" || flags.output === "wide");
    if (people && labsView().rows.length === 0) return terminal.note("no lab is up");
    return show(terminal, flags, labsView);
  },
});
