import { command } from "../command.ts";
import { interval, output, watch } from "../shared-flags.ts";
import { show } from "../show.ts";

export const podsList = command({
  name: "pods list",
  about: "list the pods on this machine and how they are",
  args: "[NAME...]",
  completes: "none",
  flags: { output, watch, interval },
  examples: [
    ["pods list", "all of them"],
    ["pods list -o name", "names alone, for other commands"],
    ["pods list -o json", "everything, for programs"],
    ["pods list --watch", "again and again"],
  ],
  notes:
    "States: up: all of its interfaces work; down: one does not; bare: it has none; incomplete: a part of it is missing; missing, foreign: there is no pod of that name.",
  exits: [6],
  run: async ({ args, flags, terminal }) => {
    const { podsView } = await import("./native.ts");
    const people = !flags.watch && (flags.output === "table" || flags.output === "wide");
    if (people && (await podsView(args)).rows.length === 0) {
      return terminal.note("there are no pods; 'netloom pods create' makes some");
    }
    return show(terminal, flags, () => podsView(args));
  },
});

export const podsStatus = command({
  name: "pods status",
  about: "the same, and fail unless all are up",
  args: "[NAME...]",
  completes: "none",
  flags: { output },
  examples: [
    ["pods status", "all pods"],
    ["pods status vm-001-ns01 vm-001-ns02 && echo ready", "these; also fails if one is missing"],
  ],
  exits: [4, 6],
  run: async ({ args, flags, terminal }) => {
    const { areUp, podsView } = await import("./native.ts");
    const view = await podsView(args);
    await show(terminal, { ...flags, watch: false, interval: undefined }, () => view);
    return areUp(view) ? 0 : 4;
  },
});
