import { command } from "../command.ts";

export const contains = command({
  name: "addr contains",
  about: "tell by the exit code whether addresses are within a range",
  args: "PREFIX|TEMPLATE ADDRESS...",
  completes: "none",
  flags: {},
  examples: [
    ["addr contains 172.16.0.0/16 172.16.2.3 && echo inside", "exit code 0: inside"],
    ["addr contains 172.16.0.0/16 172.16.2.0/24 10.0.0.1", "exit code 1: not all are"],
    ["addr contains -q fd00::/48/64 fd00:1::1", "1, and not a word; a template is all it has"],
  ],
  exits: [1],
  notes: "Prints nothing but, on standard error, which are outside. What is no address is exit code 2.",
  run: async ({ args, terminal }) => {
    const { contains: has, parseIp, parsePrefix } = await import("../../values/index.ts");
    const { parseSpace } = await import("../../xcluster/index.ts");
    const { atLeast } = await import("./only.ts");
    const example = "netloom addr contains 172.16.0.0/16 172.16.2.3";
    const [range = "", ...words] = atLeast(args, 2, "PREFIX and ADDRESS", example);
    const { whole } = parseSpace(range);
    const asked = words.map((word) => (word.includes("/") ? parsePrefix(word) : parseIp(word)));
    const outside = asked.filter((one) => !has(whole, one));
    for (const one of outside) terminal.note(`${one} is not in ${whole}`);
    return outside.length === 0 ? 0 : 1;
  },
});
