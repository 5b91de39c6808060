import { command } from "../command.ts";
import { integer } from "../flags.ts";
import { output } from "../shared-flags.ts";
import { ipv6, slots } from "./words.ts";

/** Lines that are shown where nobody says how many. */
const LINES = 256;

export const list = command({
  name: "addr list",
  about: "list the nets of a template, or the hosts of a net",
  args: "TEMPLATE",
  completes: "none",
  flags: {
    net: slots("hosts of this net, or of these"),
    host: slots("these hosts alone"),
    ipv6,
    limit: integer("N", "so many lines at most", 1, 1e6, { otherwise: String(LINES) }),
    output,
  },
  examples: [
    ["addr list 172.16.0.0/16/24", "its 256 nets, and how many hosts each has"],
    ["addr list 172.16.0.0/16/24 --net 2 --host 1-4", "hosts 1 to 4 of net 2"],
    ["addr list 172.16.0.0/16/24 --net 1-3 --host 0 --ipv6 1000::1:0.0.0.0", "the bridges of three nodes"],
    ["addr list fd00::/16/64 --net 7 -o json", "with what the template has room for"],
  ],
  run: async ({ args, flags, terminal }) => {
    const { templatesOf } = await import("./words.ts");
    const { enumerate } = await import("./enumerate.ts");
    const { print } = await import("./print.ts");
    const { only } = await import("./only.ts");
    const templates = templatesOf(only(args, "TEMPLATE", "netloom addr list 172.16.0.0/16/24"), flags.ipv6);
    const limit = flags.limit ?? LINES;
    const { view, shown, total, what } = enumerate({ templates, nets: flags.net, hosts: flags.host, limit });
    await print(terminal, view, flags.output);
    if (total > shown) terminal.note(`${shown} of ${total} ${what}; --limit N shows more, --net and --host choose`);
  },
});
