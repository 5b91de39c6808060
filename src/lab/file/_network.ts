import * as z from "zod";

import { parseVni } from "../../values/index.ts";
import { memberName } from "./_names.ts";
import { oneOrMore, strict } from "./_parts.ts";

const lan = memberName
  .optional()
  .meta({ description: "The LAN the nodes are joined over. Default: the first.", examples: ["blue"] });
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

const joinKinds = ["none", "l2", "routes", "vxlan"] as const;
const joinObject = z.discriminatedUnion("kind", [
  strict({ kind: kindOf("none") }),
  strict({ kind: kindOf("l2"), lan }),
  strict({ kind: kindOf("routes"), lan }),
  strict({
    kind: kindOf("vxlan"),
    lan,
    over: z
      .enum(["ipv4", "ipv6"])
      .optional()
      .meta({ description: "Family of the outer packets. Default: ipv6 where the LAN has it.", examples: ["ipv6"] }),
    vni: z
      .int()
      .min(1)
      .max(2 ** 24 - 1)
      .transform(parseVni)
      .default(parseVni(1))
      .meta({ description: "VXLAN network identifier.", examples: [1, 100] }),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .default(4789)
      .meta({ description: "UDP port.", examples: [4789, 8472] }),
  }),
]);

/** What connects the pods of a node, and the nodes. */
export const network = strict({
  driver: z
    .enum(["bridge", "cni"])
    .default("bridge")
    .meta({
      description:
        "What connects a node's pods: a Linux bridge, or CNI plugins (`cni`) as a container runtime calls them.",
      examples: ["bridge", "cni"],
    }),
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
  join: z
    .union([z.enum(joinKinds), joinObject])
    .optional()
    .meta({
      description:
        "How the nodes' pod networks are joined: `none`, `l2` (one segment), `routes` (by the nodes' addresses), `vxlan`. Default: `vxlan`, or `none` for a single node.",
      examples: ["vxlan", { kind: "vxlan", over: "ipv4", vni: 100 }],
    }),
}).superRefine((value, context) => {
  const add = (path: readonly string[], message: string): void =>
    context.addIssue({ code: "custom", path: [...path], message, input: value });
  if (value.driver === "cni" && value.cni === undefined)
    add(["driver"], 'driver "cni" needs a network; give "cni" with a "conflist"');
  if (value.driver !== "cni" && value.cni !== undefined)
    add(["cni"], 'a CNI network is used by driver "cni" only; write driver: cni');
  if (value.driver === "cni" && (value.join === "l2" || (typeof value.join === "object" && value.join.kind === "l2")))
    add(
      ["join"],
      'join "l2" puts the LAN into a bridge of netloom\'s; with driver "cni" join by routes, vxlan or none',
    );
});

export type JoinKind = (typeof joinKinds)[number];

function kindOf<K extends JoinKind>(kind: K) {
  return z.literal(kind).meta({ description: "How the nodes are joined.", examples: [kind] });
}
