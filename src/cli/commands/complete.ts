import { command } from "../command.ts";

export const complete = command({
  name: "__complete",
  hidden: true,
  about: "what may come next on a command line, a line each; the last argument is the word that is begun",
  args: "[WORD...]",
  passesOn: true,
  flags: {},
  examples: [],
  run: async ({ args, terminal }) => {
    const { completionsOf } = await import("../completions.ts");
    terminal.out(
      completionsOf(args)
        .map((word) => `${word}\n`)
        .join(""),
    );
  },
});
