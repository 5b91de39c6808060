import { command } from "../command.ts";
import { addressFlags, clusterFlags, nodeFlags } from "./flags.ts";

export const ping = command({
  name: "pods ping",
  about: "ping the pods of all nodes from here, all at once; fail unless each answers within some seconds",
  completes: "none",
  flags: { ...clusterFlags, ...addressFlags, ...nodeFlags },
  examples: [
    ["pods ping --nodes 2", "NPODS pods on each of two nodes, both families"],
    ["pods ping --nodes 2 --random", "the numbers of /etc/rnd-addresses that they use"],
  ],
  exits: [4, 6],
  run: async ({ flags }) => {
    const { nodeOf } = await import("./native.ts");
    const { pingPods, pingRandom } = await import("./pings.ts");
    const node = nodeOf(flags);
    await (node.settings.random ? pingRandom(node) : pingPods(node));
  },
});
