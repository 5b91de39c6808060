import { command } from "../command.ts";
import { interval, output, watch } from "../shared-flags.ts";
import { show } from "../show.ts";
import { networkFlags } from "./environment.ts";

export const ls = command({
  name: "cni ls",
  about: "list the attachments that are remembered, and what is there of them now",
  args: "[NET]",
  completes: "attachment",
  flags: { "cache-dir": networkFlags["cache-dir"], output, watch, interval },
  examples: [
    ["cni ls", "all attachments"],
    ["cni ls mynet -o wide", "of one network, with namespaces and MACs"],
    ["cni ls -o name", "for 'cni del' and 'cni check'"],
    ["cni ls -o json", "for programs"],
  ],
  notes:
    "States: up, down; missing: the namespace has no such interface; gone: the namespace is not there; unknown: it may not be looked at. The attachments are those of every runtime that uses libcni's cache: netloom, cnitool, podman, containerd.",
  run: async ({ args, flags, terminal }) => {
    const { attachmentsView } = await import("./attachments-view.ts");
    const { settingsOf } = await import("./environment.ts");
    const { UsageError } = await import("../usage.ts");
    if (args.length > 1) throw new UsageError("name one network, or none", "netloom cni ls NET");
    const { cacheDir } = settingsOf(flags, process.env);
    const look = () => attachmentsView(cacheDir, args[0]);
    const people = !flags.watch && (flags.output === "table" || flags.output === "wide");
    if (people && look().rows.length === 0) {
      const whose = args[0] === undefined ? "" : ` of network ${args[0]}`;
      return terminal.note(`no attachment${whose} is remembered in ${cacheDir}`);
    }
    return show(terminal, flags, look);
  },
});
