import { version } from "../../../package.json";
import { command } from "../command.ts";
import { render } from "../../output/index.ts";
import { output } from "../shared-flags.ts";

/** Without flags main.ts answers it before anything is loaded. */
export const versionCommand = command({
  name: "version",
  about: "print the version",
  flags: { output },
  examples: [
    ["version", "netloom and its number"],
    ["version -o json", "for programs, with the Bun inside"],
  ],
  run: async ({ flags, terminal }) => {
    if (flags.output === "table") return terminal.out(`netloom ${version}\n`);
    const data = { version, bun: Bun.version, arch: process.arch };
    const row = { version, bun: Bun.version, arch: process.arch };
    const columns = [{ key: "version" }, { key: "bun" }, { key: "arch" }];
    terminal.out(await render({ columns, rows: [row], data, names: [version] }, flags.output));
  },
});
