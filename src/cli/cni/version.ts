import { command } from "../command.ts";
import { output } from "../shared-flags.ts";
import { networkFlags } from "./environment.ts";

export const version = command({
  name: "cni version",
  about: "ask the plugins of a network which versions of CNI they speak",
  args: "NET [NETNS]",
  completes: "attachment",
  flags: { ...networkFlags, output },
  examples: [
    ["cni version mynet", "which executables would be called, and do they fit"],
    ["cni version ./net.conflist -o json", "for programs"],
  ],
  notes: "It fails when a plugin is missing or does not list the network's version.",
  run: async ({ args, flags, terminal }) => {
    const { networkOf, runtimeOf } = await import("./attachment.ts");
    const { settingsOf } = await import("./environment.ts");
    const { onlyNetwork } = await import("./words.ts");
    const { pluginsView } = await import("./plugins-view.ts");
    const { render } = await import("../../output/index.ts");
    const settings = settingsOf(flags, process.env);
    const list = networkOf(onlyNetwork(args, "version"), settings, terminal);
    const { view, fits } = await pluginsView(runtimeOf(settings, terminal), list);
    const { style, width } = terminal;
    terminal.out(await render(view, flags.output, { style, ...(width === undefined ? {} : { width }) }));
    return fits ? 0 : 1;
  },
});
