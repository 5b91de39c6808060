import { command } from "../command.ts";
import { UsageError } from "../usage.ts";

export const completion = command({
  name: "completion",
  about: "print a shell's completion script",
  args: "bash|zsh|fish",
  completes: "shell",
  flags: {},
  examples: [
    ["completion bash >/etc/bash_completion.d/netloom", "for all users of bash"],
    ["completion zsh >~/.zfunc/_netloom", "for zsh, with ~/.zfunc in fpath"],
    ["completion fish >~/.config/fish/completions/netloom.fish", "for fish"],
  ],
  notes: "Names of labs, nodes and pods are looked up when you press Tab.",
  run: async ({ args, terminal }) => {
    const { completionScript, shells } = await import("../completion-scripts.ts");
    const shell = shells.find((one) => one === args[0]);
    if (shell === undefined || args.length > 1)
      throw new UsageError(`name a shell: ${shells.join(", ")}`, "netloom completion bash");
    terminal.out(completionScript(shell));
  },
});
