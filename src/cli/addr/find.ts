import { command } from "../command.ts";
import { output } from "../shared-flags.ts";
import { ipv6 } from "./words.ts";

export const find = command({
  name: "addr find",
  about: "say which net and host of a template an address is",
  args: "TEMPLATE ADDRESS...",
  completes: "none",
  flags: { ipv6, output },
  examples: [
    ["addr find 172.16.0.0/16/24 172.16.2.3", "net 2, host 3"],
    ["addr find 172.16.0.0/16/24 1000::1:ac10:203 --ipv6 1000::1:0.0.0.0", "the same, of the IPv6 address"],
    ["addr find fd00::/48/64 fd00:0:0:9c40::1 fd00::7 -o json", "two, for programs"],
  ],
  exits: [5],
  notes:
    "The inverse of 'netloom addr make'. An address may have its length, which then has to be the template's second.",
  run: async ({ args, flags, terminal }) => {
    const { templatesOf } = await import("./words.ts");
    const { addressView } = await import("./address-view.ts");
    const { findAll, requireAll } = await import("./look-up.ts");
    const { print } = await import("./print.ts");
    const { atLeast } = await import("./only.ts");
    const example = "netloom addr find 172.16.0.0/16/24 172.16.2.3";
    const [first = "", ...words] = atLeast(args, 2, "TEMPLATE and ADDRESS", example);
    const templates = templatesOf(first, flags.ipv6);
    const { found, missing } = findAll(templates, words);
    if (found.length > 0) await print(terminal, addressView(found), flags.output);
    requireAll(templates, missing);
  },
});
