import { command } from "../command.ts";
import { choice, text, toggle } from "../flags.ts";
import { addressFlags, clusterFlags, nodeFlags } from "./flags.ts";

export const join = command({
  name: "pods join",
  about: "reach the pods of other nodes: by routes, or through an overlay on the nodes' IPv6 addresses",
  completes: "none",
  flags: {
    by: choice(["routes", "ip6tnl", "vxlan", "vxlan-classic"], "routes", "how packets get there"),
    device: text("NAME", "the interface between the nodes, for an overlay", { otherwise: "eth<net>" }),
    underlay: text("WHERE", "where nodes are, for an overlay: link-local, or N=ADDRESS,…", {
      otherwise: "addresses by number",
    }),
    forward: toggle("make this machine a router first"),
    ...clusterFlags,
    template: addressFlags.template,
    prefix: addressFlags.prefix,
    family: addressFlags.family,
    ...nodeFlags,
  },
  examples: [
    ["pods join --forward --nodes 2", "routes via 192.168.1.N, on each of two nodes"],
    ["pods join --by vxlan --nodes 2", "only the nodes' own IPv6 addresses are then seen between them"],
  ],
  exits: [6, 8],
  notes:
    "The same on every node. An overlay gives the default routes of pods its MTU, so that no packet is too long for it.",
  run: async ({ flags, terminal }) => {
    const { joinNodes } = await import("./native.ts");
    return joinNodes(flags, terminal);
  },
});
