import { command } from "../command.ts";
import { choice, text, toggle } from "../flags.ts";
import { dryRun, output } from "../shared-flags.ts";

export const install = command({
  name: "cni install",
  about: "put this executable under the names of the CNI plugins into a folder",
  args: "[PLUGIN...]",
  completes: "none",
  flags: {
    dir: text("DIR", "the folder", { otherwise: "/opt/cni/bin" }),
    how: choice(
      ["symlink", "copy"],
      "symlink",
      "links to this executable, or one copy of it in the folder with links to that",
    ),
    executable: text("FILE", "another executable of netloom than this one"),
    force: toggle("replace what is not netloom's"),
    list: toggle("only show what is in the folder"),
    uninstall: toggle("remove netloom's plugins from the folder, and nothing else"),
    "dry-run": dryRun,
    output,
  },
  examples: [
    ["cni install --dir /opt/cni/bin", "all plugins"],
    ["cni install --dir /opt/cni/bin bridge host-local portmap", "some of them"],
    ["cni install --dir /opt/cni/bin --list", "which plugins there are, and whose they are in the folder"],
    ["cni install --dir /opt/cni/bin --uninstall", "take them out again"],
    ["cni install --dir /usr/local/bin cnitool netns_test ipu", "also as cnitool, and as xcluster's programs"],
  ],
  exits: [6, 8],
  notes:
    "Symlinks take no room, follow an update of the executable, and let 'netloom cni' call the plugins without a process. A copy is for folders that others see from elsewhere, such as a container that has only /opt/cni/bin: one file, netloom, and links beside it. There are no hard links: after an update nobody could tell them from somebody else's plugins.\n\nEach name is replaced in one step, so no call in between fails. If one cannot be replaced, nothing is.",
  run: async ({ args, flags, terminal }) => {
    const { openFolder } = await import("./plugin-folder.ts");
    const { executableOf, installedNamesOf, namesOf, requireNetloom } = await import("./executable.ts");
    const { installedView } = await import("./installed-view.ts");
    const { render } = await import("../../output/index.ts");
    const folder = openFolder(flags.dir ?? "/opt/cni/bin", () => executableOf(flags.executable));
    const isOurs = (name: string) => ["netloom", "other netloom"].includes(folder.holderOf(name));
    const names = flags.list || flags.uninstall ? installedNamesOf(args, isOurs) : namesOf(args);
    if (flags.list) {
      const { style, width } = terminal;
      const view = await installedView(folder, names);
      terminal.out(await render(view, flags.output, { style, ...(width === undefined ? {} : { width }) }));
      return 0;
    }
    if (flags.executable !== undefined && !flags.uninstall) requireNetloom(executableOf(flags.executable));
    const steps = flags.uninstall ? folder.planRemoval(names) : folder.planInstall(names, flags.how, flags.force);
    if (flags["dry-run"]) {
      terminal.out(steps.map((step) => `${folder.print(step)}\n`).join(""));
      return 0;
    }
    folder.run(steps);
    const changed = steps.map(({ name }) => name).filter((name) => name !== "netloom");
    const done = flags.uninstall ? "removed from" : "put into";
    const what = changed.length > 3 ? `${changed.length} plugins` : changed.join(", ");
    terminal.note(changed.length === 0 ? `nothing to do in ${folder.path}` : `${what} ${done} ${folder.path}`);
    return 0;
  },
});
