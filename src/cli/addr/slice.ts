import { command } from "../command.ts";
import { integer, text } from "../flags.ts";
import { output } from "../shared-flags.ts";
import { ipv6 } from "./words.ts";

export const slice = command({
  name: "addr slice",
  about: "say which numbers of the shuffled list belong to which node and its pods",
  args: "[FILE]",
  completes: "file",
  flags: {
    nodes: integer("N", "how many nodes there are", 1, 1e6, { otherwise: "4" }),
    pods: integer("N", "pods of each node", 0, 1e6, { otherwise: "4" }),
    node: integer("N", "this node, with addresses", 1, 1e6),
    template: text("TEMPLATE", "what makes addresses of the numbers: hosts of its net 0", {
      otherwise: "172.16.0.0/16/24",
    }),
    ipv6: { ...ipv6, otherwise: "1000::1:0.0.0.0" },
    output,
  },
  examples: [
    ["addr slice", "of /etc/rnd-addresses, for 4 nodes with 4 pods each"],
    ["addr slice --nodes 8 --pods 27 --node 3", "node 3's own number and those of its pods, with addresses"],
    ["addr slice my-list --pods 62 -o json", "another list, for programs"],
  ],
  notes:
    "The first numbers are the nodes', one each; then every node has as many as it has pods. That has to be said alike on all nodes: what nodes disagree about overlaps. A list that is too short is an error, and so are numbers that do not fit the template. The variables of netns_test count: NPODS, __nvm, ADRTEMPLATE, PREFIX.",
  run: async ({ args, flags, terminal }) => {
    const { RND_ADDRESSES, variablesOf, settingsOf } = await import("../../xcluster/index.ts");
    const { sliceView } = await import("./slice-view.ts");
    const { templatesOf } = await import("./words.ts");
    const { print } = await import("./print.ts");
    const { only } = await import("./only.ts");
    const file = args.length === 0 ? RND_ADDRESSES : only(args, "FILE", `netloom addr slice ${RND_ADDRESSES}`);
    const settings = settingsOf(variablesOf(process.env));
    const given = flags.template ?? settings.templates[0]?.text ?? "";
    const sixth = flags.ipv6 ?? settings.templates[1]?.embed;
    const templates = templatesOf(given, given.includes(":") ? flags.ipv6 : sixth);
    const division = { nodes: flags.nodes ?? settings.nodes, pods: flags.pods ?? settings.pods };
    await print(terminal, sliceView({ file, division, node: flags.node, templates }), flags.output);
  },
});
