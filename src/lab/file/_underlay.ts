import * as z from "zod";

import { linkLocalPrefix, networkOf, parsePrefix, ValueError } from "../../values/index.ts";
import type { Prefix } from "../../values/index.ts";
import { memberName } from "./_names.ts";
import { mtu } from "./_numbers.ts";
import { oneOrMore, parsed, strict } from "./_parts.ts";

const prefixes = oneOrMore(parsed(lanPrefixOf)).meta({
  description: "The LAN's IPv4 prefix, IPv6 prefix or both; `link-local` is fe80::/64. Node n has host part n.",
  examples: ["192.168.1.0/24", ["192.168.1.0/24", "fd00:192:168:1::/64"], "link-local"],
});

const hosts = z.enum(["number", "eui64"]);

/** The LANs between the nodes. */
export const underlay = strict({
  prefixes: prefixes.optional(),
  hosts: hosts.default("number").meta({
    description:
      "The nodes' IPv6 host parts: their numbers, or made of their MAC addresses as SLAAC does (`eui64`). Link-local addresses always are.",
    examples: ["eui64"],
  }),
  mtu: mtu.default(1500).meta({ description: "Bytes of the largest IP packet on the LAN.", examples: [1500, 9000] }),
  lans: z
    .array(
      strict({
        name: memberName.meta({
          description: "The LAN's name, for `lan:` elsewhere and in pictures.",
          examples: ["blue"],
        }),
        prefixes: prefixes.optional().meta({
          description:
            "The LAN's IPv4 prefix, IPv6 prefix (or `link-local`) or both. Without it nodes have no addresses there.",
          examples: ["192.168.1.0/24"],
        }),
        vlan: z
          .int()
          .min(1)
          .max(4094)
          .optional()
          .meta({
            description:
              "This LAN is the 802.1Q VLAN with that number on the LAN `on`; its interfaces are eth1.100 and the like.",
            examples: [100],
          }),
        on: memberName.optional().meta({ description: "The LAN that carries this VLAN.", examples: ["trunk"] }),
        hosts: hosts
          .optional()
          .meta({ description: "The nodes' IPv6 host parts here. Default: `underlay.hosts`.", examples: ["eui64"] }),
        mtu: mtu.optional().meta({ description: "This LAN's MTU. Default: `underlay.mtu`.", examples: [9000] }),
      }).superRefine(({ vlan, on }, context) => {
        if ((vlan === undefined) === (on === undefined)) return;
        const [there, missing] = vlan === undefined ? ["on", "vlan"] : ["vlan", "on"];
        context.addIssue({
          code: "custom",
          path: [there],
          message: `a VLAN has a number and a LAN that carries it; add "${missing}"`,
        });
      }),
    )
    .min(1)
    .optional()
    .meta({
      description:
        "Several LANs, or one with a name: the nodes' eth1, eth2, … in this order. Without it there is one, `lan1`.",
      examples: [[{ name: "blue", prefixes: "10.1.0.0/24" }]],
    }),
}).superRefine((value, context) => {
  if (value.lans === undefined || value.prefixes === undefined) return;
  context.addIssue({
    code: "custom",
    path: ["prefixes"],
    message: 'give either "prefixes" (one LAN) or "lans", not both; move it into one of the "lans"',
    input: value,
  });
});

function lanPrefixOf(text: string): Prefix {
  if (text === "link-local") return linkLocalPrefix;
  const prefix = parsePrefix(text);
  const network = networkOf(prefix);
  if (network === prefix) return prefix;
  throw new ValueError("bad-prefix", text, `"${text}" has host bits set; a LAN's prefix has none: ${network}`);
}
