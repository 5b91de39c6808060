import * as z from "zod";

import { parseVni } from "../../values/index.ts";
import { memberName } from "./_names.ts";
import { strict } from "./_parts.ts";

const lan = memberName.optional().meta({
  description:
    "The LAN the nodes are joined over. Default: the first that all of them are on (with addresses, but for `l2`).",
  examples: ["blue"],
});

const joinKinds = ["none", "l2", "routes", "vxlan", "ip6tnl"] as const;
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
    external: z
      .boolean()
      .default(false)
      .meta({
        description: "Routes instead of forwarding entries say where packets go (a device that collects metadata).",
        examples: [true],
      }),
  }),
  strict({
    kind: kindOf("ip6tnl"),
    lan,
    external: z
      .boolean()
      .optional()
      .meta({
        description:
          "One device and routes that name the tunnel's other end, or (`false`) a device for each other node. Default: `true`, but `false` over link-local addresses.",
        examples: [false],
      }),
  }),
]);

/** How the nodes' pod networks are joined: a word, or a map with `kind`. */
export const join = z
  .union([z.enum(joinKinds), joinObject])
  .optional()
  .meta({
    description:
      "How the nodes' pod networks are joined: `none`, `l2` (one segment), `routes` (by the nodes' addresses), `vxlan`, `ip6tnl` (IP in IPv6). Default: `vxlan`, or `none` for a single node.",
    examples: ["vxlan", { kind: "vxlan", over: "ipv4", vni: 100 }],
  });

export type JoinKind = (typeof joinKinds)[number];

function kindOf<K extends JoinKind>(kind: K) {
  return z.literal(kind).meta({ description: "How the nodes are joined.", examples: [kind] });
}
