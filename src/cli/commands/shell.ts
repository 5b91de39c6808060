import { existsSync } from "node:fs";
import { command } from "../command.ts";
import { enter } from "../exec-fast.ts";
import { lab } from "../shared-flags.ts";
import { parseTarget } from "../target.ts";

export const shell = command({
  name: "shell",
  about: "open a shell in a pod or node",
  args: "[LAB] TARGET",
  completes: "target",
  flags: { lab },
  examples: [
    ["shell vm-001-ns01", "your $SHELL in a pod of the only lab"],
    ["shell overlay/vm-001", "in a node of lab overlay"],
  ],
  exits: [5, 6, 7],
  notes: "NETLOOM_TARGET and the host name say where it is. Leave it with exit.",
  run: ({ args, flags, terminal }) => {
    const target = args.join("/");
    const own = process.env["SHELL"];
    const program = own !== undefined && existsSync(own) ? own : "/bin/sh";
    if (terminal.interactive) terminal.note(`netloom: a shell in ${target}; leave it with exit`);
    const env = { ...process.env, NETLOOM_TARGET: target, PS1: `[${target}] \\w \\$ ` };
    return enter(() => parseTarget(args, flags.lab), [program], env);
  },
});
