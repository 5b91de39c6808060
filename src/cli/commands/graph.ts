import { command } from "../command.ts";
import { type Flag, choice, integer, text } from "../flags.ts";
import { anyLab } from "../labs.ts";
import { file, lab } from "../shared-flags.ts";

const drawings = ["text", "svg", "mermaid", "dot", "json"] as const;
type Drawing = (typeof drawings)[number];

const asked = choice(drawings, "text", "how to draw it", { short: "o", aliases: [{ long: "format" }] });
/** Where nothing is asked for, the file's name says it. */
const output: Flag<Drawing | undefined> = {
  ...asked,
  otherwise: "what FILE of --out ends in, or text",
  read: (given, flag) => (given === undefined ? undefined : asked.read(given, flag)),
};

const endings: Readonly<Record<string, Drawing>> = {
  svg: "svg",
  mmd: "mermaid",
  mermaid: "mermaid",
  dot: "dot",
  gv: "dot",
  json: "json",
};

function drawingOf(file: string | undefined): Drawing {
  return endings[file?.split(".").at(-1)?.toLowerCase() ?? ""] ?? "text";
}

export const graph = command({
  name: "graph",
  about: "draw a lab, up or not",
  args: "[NAME|FILE]",
  completes: "lab",
  flags: {
    file,
    lab,
    output,
    out: text("FILE", "write it to a file instead of standard output"),
    "max-nodes": integer("N", "draw so many nodes and count the others", 1, 1e6),
    "max-pods": integer("N", "draw so many pods of each node and count the others", 0, 1e6),
  },
  examples: [
    ["graph", "in the terminal"],
    ["graph overlay --out overlay.svg", "as a picture"],
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
    const drawing = drawLab(await anyLab(call), flags.output ?? drawingOf(flags.out), limits, terminal);
    if (flags.out === undefined) terminal.out(drawing);
    else {
      // Not Bun.write, which makes the folders of a path that is misspelt.
      const { O, openFile, writeAll } = await import("../../sys/index.ts");
      using fd = openFile(flags.out, O.WRONLY | O.CREAT | O.TRUNC, 0o644);
      writeAll(fd, new TextEncoder().encode(drawing), `write ${flags.out}`);
    }
  },
});
