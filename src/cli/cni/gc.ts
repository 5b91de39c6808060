import type { CacheEntry } from "../../cni/runtime/index.ts";
import { command } from "../command.ts";
import { counted } from "../counted.ts";
import { texts, toggle } from "../flags.ts";
import { dryRun, yes } from "../shared-flags.ts";
import { networkFlags } from "./environment.ts";

export const gc = command({
  name: "cni gc",
  about: "remove what is left of attachments whose namespace is gone",
  args: "NET [NETNS]",
  completes: "attachment",
  flags: {
    ...networkFlags,
    keep: texts("ID[/IFNAME]", "what is valid: exactly these containers, interfaces, or lines of 'cni ls -o name'"),
    all: toggle("nothing is valid: every attachment of the network goes, as with cnitool"),
    "dry-run": dryRun,
    yes,
  },
  examples: [
    ["cni gc mynet --dry-run", "what would go"],
    ["cni gc mynet", "attachments whose namespace is gone get a DEL, then each plugin cleans up"],
    ["cni gc mynet --keep c1 --keep c2/eth0", "all but these"],
    ["cni gc mynet --all", "everything of the network"],
  ],
  exits: [6, 8],
  notes:
    "Attachments that are remembered and not valid get a DEL; from CNI 1.1.0 on the plugins then hear what is valid and remove the rest of theirs. NETNS is taken for cnitool's sake and not looked at.",
  run: async ({ args, flags, terminal }) => {
    const { gc: collect, illegibleCached, listCached } = await import("../../cni/runtime/index.ts");
    const { agrees } = await import("../ask.ts");
    const { nameOf, networkOf, runtimeOf } = await import("./attachment.ts");
    const { settingsOf } = await import("./environment.ts");
    const { strangersOf, validOf } = await import("./valid.ts");
    const { onlyNetwork } = await import("./words.ts");
    const { UsageError } = await import("../usage.ts");
    const settings = settingsOf(flags, process.env);
    const list = networkOf(onlyNetwork(args, "gc"), settings, terminal);
    const valid = (remembered: readonly CacheEntry[]) => validOf(list.name, remembered, flags);
    const entries = listCached(settings.cacheDir).filter(({ network }) => network === list.name);
    const kept = valid(entries);
    const going = entries.filter(
      (one) => !kept.some(({ containerID, ifname }) => containerID === one.containerId && ifname === one.ifname),
    );
    for (const word of strangersOf(list.name, entries, flags.keep)) {
      terminal.note(`${word} is not remembered; it counts as valid all the same`);
    }
    const nothing = `no attachment of network ${list.name} is left over`;
    if (flags["dry-run"]) {
      if (going.length === 0) terminal.note(nothing);
      terminal.out(going.map((one) => `${nameOf(one)}\n`).join(""));
      return 0;
    }
    const isTold = flags.all || flags.keep.length > 0;
    const [lost] = isTold ? [] : illegibleCached(settings.cacheDir, list.name);
    if (lost !== undefined) {
      throw new UsageError(
        `what is valid cannot be told: ${lost} does not say whose attachment it remembers`,
        "say what is valid: --keep ID; or remove the file, if that container is gone",
      );
    }
    const question = `Remove ${going.length} of ${entries.length} attachments of network ${list.name}?`;
    if (isTold && going.length > 0 && !agrees(terminal, question, flags.yes)) return 1;
    const gone = await collect(runtimeOf(settings, terminal), list, valid);
    terminal.note(gone.length === 0 ? nothing : `${counted(gone.length, "attachment")} removed`);
    return 0;
  },
});
