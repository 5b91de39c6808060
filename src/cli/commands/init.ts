import { command } from "../command.ts";
import { text } from "../flags.ts";

export const init = command({
  name: "init",
  about: "write a lab file to begin with; nothing is overwritten",
  args: "[DIR]",
  completes: "file",
  flags: { name: text("NAME", "the lab's name; that of the folder when absent") },
  examples: [
    ["init", "in this folder"],
    ["init demo", "in the folder demo, which is made"],
    ["init --name spine demo", "with another name"],
  ],
  run: async ({ args, flags, terminal }) => {
    const { writeStarter } = await import("../starter.ts");
    const [folder = "."] = args;
    for (const path of writeStarter(folder, flags.name)) terminal.note(`wrote ${path}`);
    terminal.note(`next: netloom up${folder === "." ? "" : ` -f ${folder}`}`);
  },
});
