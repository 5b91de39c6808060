import * as z from "zod";

import { driver } from "./_driver.ts";
import { join } from "./_join.ts";
import { oneOrMore, strict } from "./_parts.ts";

const cniNetwork = strict({
  conflist: z.union([z.string().min(1), z.record(z.string(), z.unknown())]).meta({
    description:
      "A network configuration list, or the path of its file. `<lab>`, `<node>`, `<ipv4>`, `<ipv6>` (the node's pod networks) and `<mtu>` in it are filled in for each node.",
    examples: [
      "10-net.conflist",
      {
        cniVersion: "1.0.0",
        name: "net",
        plugins: [{ type: "bridge", isGateway: true, ipam: { type: "host-local", subnet: "<ipv4>" } }],
      },
    ],
  }),
  path: oneOrMore(z.string().min(1))
    .optional()
    .meta({
      description: "Folders of plugins, as CNI_PATH. Default: netloom's own.",
      examples: ["/opt/cni/bin"],
    }),
});

/** What connects the pods of a node, and the nodes. */
export const network = strict({
  driver,
  masquerade: z
    .boolean()
    .default(false)
    .meta({
      description: "What pods send over a LAN to others than pods leaves with their node's address.",
      examples: [true],
    }),
  cni: cniNetwork.optional().meta({
    description: "The network of driver `cni`.",
    examples: [{ conflist: "10-net.conflist", path: "/opt/cni/bin" }],
  }),
  join,
}).superRefine((value, context) => {
  const add = (path: readonly string[], message: string): void =>
    context.addIssue({ code: "custom", path: [...path], message, input: value });
  if (value.driver.kind === "cni" && value.cni === undefined)
    add(["driver"], 'driver "cni" needs a network; give "cni" with a "conflist"');
  if (value.driver.kind !== "cni" && value.cni !== undefined)
    add(["cni"], 'a CNI network is used by driver "cni" only; write driver: cni');
  if (
    value.driver.kind === "cni" &&
    (value.join === "l2" || (typeof value.join === "object" && value.join.kind === "l2"))
  )
    add(
      ["join"],
      'join "l2" puts the LAN into a bridge of netloom\'s; with driver "cni" join by routes, vxlan or none',
    );
});
