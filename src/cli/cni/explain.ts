import { command } from "../command.ts";
import { choice, toggle } from "../flags.ts";
import { attachmentFlags, networkFlags } from "./environment.ts";

export const explain = command({
  name: "cni explain",
  about: "show what ADD would do, and do nothing",
  args: "NET [NETNS]",
  completes: "attachment",
  flags: {
    ...attachmentFlags,
    "conf-dir": networkFlags["conf-dir"],
    path: networkFlags.path,
    "empty-host": toggle("as on a host without any device, not as on this one"),
    output: choice(["text", "json"], "text", "how to print it", { short: "o", aliases: [{ long: "format" }] }),
  },
  examples: [
    ["cni explain ./net.conflist", "a network by its file, before it is installed"],
    ["cni explain mynet a -i eth1", "for that namespace and interface"],
    ["cni explain mynet -o json", "for programs"],
  ],
  notes:
    "The plugins work on a kernel in memory that has this host's devices and addresses. Each change is a command line of 'ip', 'bridge', 'tc', 'sysctl' or 'nft'; host is this namespace, pod the container's. A plugin that is not netloom's is not run: shown is what netloom's plugin of that name does, where there is one. A key that no plugin reads is noted where it looks like one that is read.",
  run: async ({ args, flags, terminal }) => {
    const { explain: explained } = await import("../../cni/runtime/index.ts");
    const { attachmentOf, networkOf } = await import("./attachment.ts");
    const { settingsOf } = await import("./environment.ts");
    const { printExplanation } = await import("./explanation.ts");
    const { howToGet, ownPlugin } = await import("./own.ts");
    const settings = settingsOf(flags, process.env);
    const [network = "", netns = "pod"] = args;
    const { attachment } = attachmentOf(args.length === 1 ? [network, netns] : args, settings, "explain");
    const list = networkOf(network, settings, terminal);
    const like = flags["empty-host"] ? "an empty host" : "this host";
    const found = await explained(list, attachment, {
      path: settings.path,
      served: ownPlugin,
      missing: howToGet,
      like,
    });
    terminal.out(printExplanation(list, attachment, found, flags.output));
    if (found.failure !== undefined) throw found.failure;
  },
});
