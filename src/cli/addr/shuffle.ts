import { command } from "../command.ts";
import { choice, integer, text, toggle } from "../flags.ts";

export const shuffle = command({
  name: "addr shuffle",
  about: "make the shuffled list of host numbers, the same on all nodes for the same seed",
  completes: "none",
  flags: {
    seed: text("SEED", "what the order follows from; without one it is made up, and said"),
    count: integer("N", "the numbers from 1 to N", 1, 1e6, { otherwise: "254" }),
    write: text("FILE", "write it to a file instead of standard output"),
    force: toggle("replace a file that has another list"),
    output: choice(["text", "json"], "text", "how to print the list", {
      short: "o",
      aliases: [{ long: "format" }],
    }),
  },
  examples: [
    ["addr shuffle --seed demo --write /etc/rnd-addresses", "what netns_test reads; the same command on each node"],
    ["addr shuffle --seed demo | sed -n 1p", "the number of node 1"],
    ["addr shuffle --seed demo --count 4094 -o json", "a longer one, for programs"],
  ],
  exits: [8],
  notes:
    "The file has a number a line, as xcluster's has. The seed is glued to the last number (164#seed=demo): each line is where 'sed -n 7p' looks for it, and ipu reads a number up to what is no digit. The order is that of the SHA-256 of SEED:NUMBER.",
  run: async ({ flags, terminal }) => {
    const { shuffle: shuffled, printShuffled } = await import("../../xcluster/index.ts");
    const list = shuffled(flags.seed ?? crypto.getRandomValues(new Uint8Array(6)).toHex(), flags.count);
    if (flags.seed === undefined) terminal.note(`the seed is ${list.seed}: --seed ${list.seed} makes the same list`);
    const { renderJson } = await import("../../output/index.ts");
    const json = flags.output === "json" ? renderJson({ ...list, count: list.numbers.length }) : undefined;
    if (flags.write === undefined) return terminal.out(json ?? printShuffled(list));
    const { writeList } = await import("./write-list.ts");
    const done = writeList(flags.write, printShuffled(list), flags.force);
    if (json !== undefined) terminal.out(json);
    terminal.note(`${flags.write}: ${list.numbers.length} numbers, ${done}`);
  },
});
