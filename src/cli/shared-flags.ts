import { formats } from "../output/index.ts";
import { choice, duration, text, texts, toggle } from "./flags.ts";

/** Flags that mean the same wherever they are. */
export const file = texts(
  "FILE",
  "lab file, a folder with one, or - for standard input; later ones are laid over earlier ones",
  {
    short: "f",
    aliases: [{ long: "topo", short: "t" }],
  },
);
export const lab = text("NAME", "a running lab by its name, without its file");
export const output = choice(formats, "table", "how to print the data", { short: "o", aliases: [{ long: "format" }] });
export const wait = duration("wait so long for another netloom that changes the same lab", { otherwise: "0s" });
export const timeout = duration("give up after so long; what was begun is undone");
export const watch = toggle("again and again", { short: "w" });
export const interval = duration("how often --watch looks", { otherwise: "2s" });
export const yes = toggle("do not ask", { short: "y" });
export const dryRun = toggle("only say what would be done");

/** Flags of every command. */
export const globals = {
  quiet: toggle("nothing but data and errors", { short: "q" }),
  verbose: toggle("say more", { short: "v" }),
  "no-color": toggle("no colours, as NO_COLOR=1"),
} as const;
