import { command } from "../command.ts";
import { counted } from "../counted.ts";
import { dryRun, yes } from "../shared-flags.ts";

export const cleanup = command({
  name: "cleanup",
  aliases: ["prune"],
  about: "remove namespaces of labs that nobody remembers",
  completes: "none",
  flags: { "dry-run": dryRun, yes },
  examples: [
    ["cleanup --dry-run", "what is left over"],
    ["cleanup -y", "remove it without a question"],
  ],
  exits: [6, 8],
  notes:
    "Only namespaces that carry netloom's tag go. Labs that are up or half-made are taken down with 'netloom down'.",
  run: async ({ flags, terminal }) => {
    const { findLeftovers, removeLeftovers } = await import("../../lab/index.ts");
    const { agrees } = await import("../ask.ts");
    const found = findLeftovers();
    if (found.length === 0) return terminal.note("nothing is left over");
    terminal.out(found.map(({ netns, lab }) => `${netns} (lab ${lab})\n`).join(""));
    if (flags["dry-run"]) return 0;
    if (!agrees(terminal, `Remove ${counted(found.length, "namespace")}?`, flags.yes)) return 1;
    const gone = await removeLeftovers(found);
    terminal.note(`${counted(gone.length, "namespace")} removed`);
  },
});
