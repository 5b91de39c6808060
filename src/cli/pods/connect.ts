import { command } from "../command.ts";
import { integer, text } from "../flags.ts";
import { UsageError } from "../usage.ts";
import { addressFlags, countOf, mtu, nodeFlags } from "./flags.ts";

export const connect = command({
  name: "pods connect",
  about: "connect pods to a bridge that is their gateway; it is made if it is not there",
  args: "[COUNT]",
  completes: "none",
  flags: {
    bridge: text("NAME", "the bridge", { otherwise: "br0" }),
    first: integer("N", "the first pod's number", 1, 99_999_999, { otherwise: "1" }),
    "gateway-host": integer("N", "which host of the net the bridge is", 0, 2 ** 31 - 1, { otherwise: "0" }),
    device: text("NAME", "also make this interface of the machine a port; the bridge gets its addresses"),
    mtu,
    ...addressFlags,
    ...nodeFlags,
  },
  examples: [
    ["pods connect 2", "vm-001-ns01 and -ns02 to br0"],
    ["pods connect 2 --bridge br7 --device eth1", "and to what is behind eth1"],
  ],
  exits: [5, 6, 8],
  run: async ({ args, flags, terminal }) => {
    const count = countOf(args, "netloom pods connect 2");
    if (flags.bridge === "") throw new UsageError("--bridge is empty", "name a bridge, like br0");
    const { connectPods } = await import("./native.ts");
    return connectPods({ ...flags, ...(count !== undefined && { count }) }, terminal);
  },
});
