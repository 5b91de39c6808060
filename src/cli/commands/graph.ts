import { command } from "../command.ts";
import { choice, integer, text } from "../flags.ts";
import { anyLab } from "../labs.ts";
import { file, lab } from "../shared-flags.ts";

export const graph = command({
  name: "graph",
  about: "draw a lab, up or not",
  args: "[NAME|FILE]",
  completes: "lab",
  flags: {
    file,
    lab,
    output: choice(["text", "svg", "mermaid", "dot", "json"], "text", "how to draw it", {
      short: "o",
      aliases: [{ long: "format" }],
    }),
    out: text("FILE", "write it to a file instead of standard output"),
    "max-nodes": integer("N", "draw so many nodes and count the others", 1, 1e6),
    "max-pods": integer("N", "draw so many pods of each node and count the others", 0, 1e6),
  },
  examples: [
    ["graph", "in the terminal"],
    ["graph overlay --format svg --out overlay.svg", "as a picture"],
    ["graph lab.netloom.yaml --format mermaid", "for a README"],
  ],
  exits: [7],
  run: async (call) => {
    const { flags, terminal } = call;
    const { drawLab } = await import("../draw.ts");
    const limits = {
      ...(flags["max-nodes"] === undefined ? {} : { maxNodes: flags["max-nodes"] }),
      ...(flags["max-pods"] === undefined ? {} : { maxPods: flags["max-pods"] }),
    };
    const drawing = drawLab(await anyLab(call), flags.output, limits, terminal);
    if (flags.out === undefined) terminal.out(drawing);
    else {
      // Not Bun.write, which makes the folders of a path that is misspelt.
      const { O, openFile, writeAll } = await import("../../sys/index.ts");
      using fd = openFile(flags.out, O.WRONLY | O.CREAT | O.TRUNC, 0o644);
      writeAll(fd, new TextEncoder().encode(drawing), `write ${flags.out}`);
    }
  },
});
