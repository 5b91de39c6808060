import * as z from "zod";

import { familyOf, parseIp, parseTemplate, ValueError } from "../../values/index.ts";
import type { AddressTemplate, Ip } from "../../values/index.ts";
import { number } from "./_numbers.ts";
import { parsed, strict } from "./_parts.ts";

/** The templates of pods' addresses. */
export const addresses = strict({
  ipv4: parsed((text) => templateOf(text, 4))
    .optional()
    .meta({
      description:
        "IPv4 template `address/outer/inner`: the node's number fills the bits between the lengths, the pod's number those after.",
      examples: ["172.16.0.0/16/24"],
    }),
  ipv6: parsed(ipv6AddressesOf)
    .optional()
    .meta({
      description: "An IPv6 address whose low 32 bits take the pod's IPv4 address, or an IPv6 template of its own.",
      examples: ["1000::1:0.0.0.0", "fd00:1::/48/64"],
    }),
  net: number.optional().meta({
    description:
      "The net slot of all nodes, in place of their numbers: the pods of all nodes are in one subnet. Pods of joined nodes then need numbers of their own.",
    examples: [0],
  }),
  shuffle: strict({
    seed: z
      .union([
        z.int(),
        z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, "a seed is 1 to 64 letters, digits, dots, dashes and underscores"),
      ])
      .meta({
        description: "Gives the same list each time, as `netloom addr shuffle --seed` does.",
        examples: [1, "demo"],
      }),
    count: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(254)
      .meta({ description: "How many numbers the list has, from 1.", examples: [254, 1000] }),
  })
    .optional()
    .meta({
      description:
        "Nodes and pods have host slots of one shuffled list, all in net 0 (or `net`): first the nodes, then the pods of each node.",
      examples: [{ seed: 1 }],
    }),
  gatewayHost: z
    .union([number, z.literal("none")])
    .default(0)
    .meta({
      description:
        "The host slot of the node's own address in its pod network: the pods' gateway. `none`: nodes have no address there and pods no default route.",
      examples: [0, 254, "none"],
    }),
}).superRefine((value, context) => {
  if (value.ipv4 === undefined && value.ipv6 === undefined) {
    context.addIssue({ code: "custom", message: 'pods need addresses: give "ipv4", "ipv6" or both', input: value });
  }
  if (value.ipv6 !== undefined && "embed" in value.ipv6 && value.ipv4 === undefined) {
    context.addIssue({
      code: "custom",
      path: ["ipv6"],
      message: `${value.ipv6.embed} takes IPv4 addresses in, and there is no "ipv4"; give "ipv4", or an IPv6 template with two lengths like fd00:1::/48/64`,
      input: value,
    });
  }
});

function templateOf(text: string, family: 4 | 6): AddressTemplate {
  const template = parseTemplate(text);
  if (template.family !== family) {
    throw new ValueError(
      "bad-template",
      text,
      `"${text}" is IPv${template.family}; give an IPv${family} template here`,
    );
  }
  return template;
}

function ipv6AddressesOf(text: string): AddressTemplate | { readonly embed: Ip } {
  if (text.includes("/")) return templateOf(text, 6);
  const embed = parseIp(text);
  if (familyOf(embed) === 6) return { embed };
  throw new ValueError("bad-ip", text, `"${text}" is IPv4; give an IPv6 address like 1000::1:0.0.0.0`);
}
