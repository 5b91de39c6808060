import { command } from "../command.ts";
import { output } from "../shared-flags.ts";
import { ipv6, slot } from "./words.ts";

export const make = command({
  name: "addr make",
  about: "print the address of a host in a net of a template",
  args: "TEMPLATE",
  completes: "none",
  flags: { net: slot("number of the net"), host: slot("number of the host in it"), ipv6, output },
  examples: [
    ["addr make 172.16.0.0/16/24 --net 2 --host 3", "172.16.2.3/24"],
    ["addr make 172.16.0.0/16/24 --net 2 --host 3 --ipv6 1000::1:0.0.0.0", "and 1000::1:ac10:203/120"],
    ["addr make fd00::/48/64 --net 40000 --host 1 -o name", "fd00:0:0:9c40::1/64, and nothing else"],
  ],
  notes:
    "A template has two lengths: 172.16.0.0/16/24 numbers nets in the bits from 16 to 24, and hosts in the bits after 24. IPv6 slots can be of any width. A number that does not fit is an error, and so is what is no decimal number. In JSON the numbers are texts, for they can be larger than JSON's.",
  run: async ({ args, flags, terminal }) => {
    const { templatesOf } = await import("./words.ts");
    const { addressView, broadcastNote, hostAddress } = await import("./address-view.ts");
    const { print } = await import("./print.ts");
    const { only } = await import("./only.ts");
    const templates = templatesOf(
      only(args, "TEMPLATE", "netloom addr make 172.16.0.0/16/24 --net 2 --host 3"),
      flags.ipv6,
    );
    const addresses = templates.map((template) => hostAddress(template, flags.net, flags.host));
    await print(terminal, addressView(addresses), flags.output);
    const note = broadcastNote(addresses);
    if (note !== undefined) terminal.note(note);
  },
});
