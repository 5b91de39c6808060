import * as z from "zod";

import { memberName } from "./_names.ts";
import { oneOrMore, strict } from "./_parts.ts";

const lan = memberName.optional().meta({
  description:
    "The LAN whose interface the pods stand on. Default: that of the join, or the first that all nodes are on.",
  examples: ["blue"],
});

const driverKinds = ["bridge", "cni", "ipvlan", "macvlan", "ovs"] as const;
const driverObject = z.discriminatedUnion("kind", [
  strict({ kind: kindOf("bridge") }),
  strict({ kind: kindOf("cni") }),
  strict({
    kind: kindOf("ipvlan"),
    lan,
    mode: z
      .enum(["l2", "l3", "l3s"])
      .default("l2")
      .meta({
        description: "`l2`: pods are on the LAN's segment. `l3`, `l3s`: their node routes for them.",
        examples: ["l2", "l3"],
      }),
    flag: z
      .enum(["bridge", "private", "vepa"])
      .default("bridge")
      .meta({
        description:
          "What pods of one node send each other: passes (`bridge`), is dropped (`private`), leaves by the LAN (`vepa`).",
        examples: ["bridge", "private"],
      }),
  }),
  strict({
    kind: kindOf("macvlan"),
    lan,
    mode: z
      .enum(["bridge", "private", "vepa", "passthru"])
      .default("bridge")
      .meta({
        description:
          "What pods of one node send each other: passes (`bridge`), is dropped (`private`), leaves by the LAN (`vepa`). `passthru`: one pod has the interface for itself.",
        examples: ["bridge", "passthru"],
      }),
  }),
  strict({
    kind: kindOf("ovs"),
    datapath: z
      .enum(["system", "netdev"])
      .optional()
      .meta({
        description:
          "Who forwards: the kernel's module (`system`) or ovs-vswitchd itself (`netdev`). Default: the module, where the kernel has it.",
        examples: ["netdev"],
      }),
    vlans: z
      .array(
        strict({
          id: z
            .int()
            .min(1)
            .max(4094)
            .meta({ description: "The VLAN.", examples: [10] }),
          pods: oneOrMore(z.string().min(1)).meta({
            description: "The pods whose ports are in it; `*` stands for any text. One or a list.",
            examples: ["*-ns01", ["web", "db-*"]],
          }),
        }),
      )
      .default([])
      .meta({
        description:
          "Pods in VLANs, apart from the others and from their node. The last one that matches a pod counts. Needs join `l2` or `none`.",
        examples: [[{ id: 10, pods: "*-ns01" }]],
      }),
  }),
]);

/** What connects a node's pods: a word, or a map with `kind`. */
export const driver = z
  .union([z.enum(driverKinds), driverObject])
  .transform((value) => (typeof value === "string" ? driverObject.parse({ kind: value }) : value))
  .prefault("bridge")
  .meta({
    description:
      "What connects a node's pods: a Linux bridge, CNI plugins (`cni`) as a container runtime calls them, a bridge of Open vSwitch (`ovs`), or the node's LAN interface itself, on which they stand (`ipvlan`, `macvlan`).",
    examples: ["bridge", "cni", "ovs", "macvlan", { kind: "ipvlan", mode: "l3" }],
  });

function kindOf<K extends (typeof driverKinds)[number]>(kind: K) {
  return z.literal(kind).meta({ description: "What connects a node's pods.", examples: [kind] });
}
