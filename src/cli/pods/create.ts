import { command } from "../command.ts";
import { integer, text, toggle } from "../flags.ts";
import { addressFlags, countOf, mtu, nodeFlags } from "./flags.ts";

export const create = command({
  name: "pods create",
  about:
    "make pods on this machine: a network namespace and a host name each, joined to it by a veth pair, with addresses",
  args: "[COUNT]",
  completes: "none",
  flags: {
    first: integer("N", "the first pod's number", 1, 99_999_999, { otherwise: "1" }),
    bare: toggle("namespaces and host names only"),
    bridge: text("NAME", "connect them to this bridge, which is made, and route by it"),
    "gateway-host": integer("N", "which host of the net the bridge is", 0, 2 ** 31 - 1, { otherwise: "0" }),
    mtu,
    ...addressFlags,
    ...nodeFlags,
  },
  examples: [
    ["pods create 2", "vm-001-ns01 and vm-001-ns02, if the host name is vm-001"],
    ["pods create 2 --node 7", "on a machine with any name: vm-007-ns01 and -ns02, 172.16.7.1/24 and .2"],
    ["pods create 10 --bridge br0", "with a bridge between them that is their gateway"],
    ["pods create --bare 3 --first 11", "ns11, ns12 and ns13, without interfaces"],
  ],
  exits: [6, 8],
  notes:
    "What is there already stays, so the same command may be repeated; a command that fails undoes what it did. One that is interrupted (Ctrl-C, SIGTERM) leaves what it has made: the same command goes on, and 'netloom pods delete' removes it. 'netns_test' (or 'netloom netns_test') has the same as steps of their own.",
  run: async ({ args, flags, terminal }) => {
    const { createPods } = await import("./native.ts");
    const count = countOf(args, "netloom pods create 2");
    return createPods({ ...flags, ...(count !== undefined && { count }) }, terminal);
  },
});
