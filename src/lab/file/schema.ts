import * as z from "zod";

import {
  familyOf,
  networkOf,
  parseDuration,
  parseIfName,
  parseIp,
  parsePercent,
  parsePrefix,
  parseRate,
  parseTemplate,
  ValueError,
} from "../../values/index.ts";
import type { AddressTemplate, Ip, Prefix } from "../../values/index.ts";
import { labName, memberName } from "./_names.ts";
import { network } from "./_network.ts";
import { oneOrMore, parsed, strict } from "./_parts.ts";

const maxMembers = 100_000;
const quantity = z.int().max(maxMembers);
const count = quantity.min(0);
const nodeCount = quantity.min(1);
const number = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);
const mtu = z.int().min(68).max(65_535);
const namePattern = z
  .string()
  .regex(/^[^%]*%(?:0[1-9])?d[^%]*$/, 'a name pattern has one number in it, written "%d" or with leading zeros "%03d"');

const nodes = z.union([
  nodeCount,
  strict({
    count: nodeCount.meta({ description: "How many nodes; they are numbered from 1.", examples: [2] }),
    name: namePattern
      .default("vm-%03d")
      .meta({ description: "How they are named: `%03d` becomes the number.", examples: ["vm-%03d", "node%d"] }),
  }),
  z
    .array(
      z.union([
        memberName,
        strict({
          name: memberName.meta({ description: "The node's name and host name.", examples: ["left"] }),
          number: number.optional().meta({
            description:
              "The net slot in the address templates and the host part on LANs. Default: its place in the list, from 1.",
            examples: [7],
          }),
          pods: count
            .optional()
            .meta({ description: "How many pods this node has, instead of `pods.count`.", examples: [0, 5] }),
        }),
      ]),
    )
    .min(1),
]);

const pods = z.union([
  count,
  strict({
    count: count
      .default(4)
      .meta({ description: "How many pods each node has; they are numbered from 1.", examples: [3] }),
    name: namePattern.default("<node>-ns%02d").meta({
      description: "How they are named: `<node>` becomes the node's name, `%02d` the number.",
      examples: ["<node>-ns%02d"],
    }),
  }),
  z.array(
    strict({
      name: memberName.meta({ description: "The pod's name and host name.", examples: ["web"] }),
      node: memberName.meta({ description: "The node it lives on.", examples: ["vm-001"] }),
      number: number.optional().meta({
        description: "The host slot in the address templates. Default: its place among the node's pods, from 1.",
        examples: [10],
      }),
    }),
  ),
]);

const addresses = strict({
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
  gatewayHost: number.default(0).meta({
    description: "The host slot of the node's own address in its pod network: the pods' gateway.",
    examples: [0, 254],
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

const prefixes = oneOrMore(parsed(lanPrefixOf)).meta({
  description: "The LAN's IPv4 prefix, IPv6 prefix or both. Node n has host part n.",
  examples: ["192.168.1.0/24", ["192.168.1.0/24", "fd00:192:168:1::/64"]],
});

const underlay = strict({
  prefixes: prefixes.optional(),
  mtu: mtu.default(1500).meta({ description: "Bytes of the largest IP packet on the LAN.", examples: [1500, 9000] }),
  lans: z
    .array(
      strict({
        name: memberName.meta({
          description: "The LAN's name, for `lan:` elsewhere and in pictures.",
          examples: ["blue"],
        }),
        prefixes,
        mtu: mtu.optional().meta({ description: "This LAN's MTU. Default: `underlay.mtu`.", examples: [9000] }),
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

const impairment = strict({
  on: oneOrMore(z.string().min(1)).meta({
    description:
      "Whose link: a pod, a node (all its LAN interfaces) or `name:interface`; `*` stands for anything. One or a list.",
    examples: ["vm-001", "*-ns01", "vm-*:eth1"],
  }),
  rate: parsed(positiveRate)
    .optional()
    .meta({ description: "Bandwidth limit.", examples: ["10mbit"] }),
  delay: parsed(parseDuration)
    .optional()
    .meta({ description: "Added one-way delay (netem).", examples: ["20ms"] }),
  jitter: parsed(parseDuration)
    .optional()
    .meta({ description: "How much the delay varies up and down (netem).", examples: ["2ms"] }),
  loss: parsed(parsePercent)
    .optional()
    .meta({ description: "Share of packets lost (netem).", examples: ["0.5%"] }),
  direction: z
    .enum(["out", "in", "both"])
    .default("out")
    .meta({
      description: "Packets that leave the named interface, that arrive at it, or both.",
      examples: ["out", "both"],
    }),
}).superRefine((value, context) => {
  if (value.jitter !== undefined && value.delay === undefined) {
    context.addIssue({
      code: "custom",
      path: ["jitter"],
      message: 'jitter varies a delay, and there is none; add "delay"',
      input: value,
    });
  }
  if ([value.rate, value.delay, value.jitter, value.loss].every((part) => part === undefined)) {
    context.addIssue({
      code: "custom",
      message: 'nothing is done to this link; give "rate", "delay" or "loss"',
      input: value,
    });
  }
});

const expectation = strict({
  from: z
    .string()
    .min(1)
    .meta({ description: "Pods or nodes that send; `*` stands for anything.", examples: ["vm-001-*"] }),
  to: z
    .string()
    .min(1)
    .meta({ description: "Pods they send to; `*` stands for anything.", examples: ["vm-002-ns01"] }),
  reach: z
    .union([z.enum(["yes", "no"]), z.boolean()])
    .transform((value) => value === "yes" || value === true)
    .default(true)
    .meta({ description: "Whether they shall reach each other.", default: "yes", examples: ["no"] }),
});

/** A `*.netloom.yaml` file. */
export const labSchema = strict({
  apiVersion: z
    .literal("netloom/v1")
    .default("netloom/v1")
    .meta({ description: "The format of this file.", examples: ["netloom/v1"] }),
  name: labName.meta({ description: "The lab's name: every object of it carries it.", examples: ["overlay"] }),
  nodes: nodes.default(1).meta({
    description: "How many nodes, or a name pattern with a count, or a list of them.",
    examples: [2, { count: 2, name: "node%d" }, ["left", "right"]],
  }),
  pods: pods.default(4).meta({
    description: "How many pods per node, or a name pattern with a count, or a list of all of them.",
    examples: [3, { count: 3, name: "<node>-pod%d" }, [{ name: "web", node: "vm-001" }]],
  }),
  interface: parsed(podInterface)
    .prefault("eth0")
    .meta({ description: "The interface inside a pod.", examples: ["eth0"] }),
  addresses: addresses.prefault({ ipv4: "172.16.0.0/16/24", ipv6: "1000::1:0.0.0.0" }).meta({
    description: "The pods' address templates; at least one family.",
    examples: [{ ipv4: "172.16.0.0/16/24", ipv6: "1000::1:0.0.0.0" }, { ipv6: "fd00:1::/48/64" }],
  }),
  underlay: underlay.prefault({}).meta({
    description:
      "The LANs between the nodes. Default: one with 192.168.1.0/24 and fd00:192:168:1::/64, where nodes are joined.",
    examples: [{ prefixes: "fd00:192:168:1::/64" }],
  }),
  network: network.prefault({}).meta({
    description: "What connects the pods of a node, and the nodes.",
    examples: [{ join: "vxlan" }],
  }),
  links: z
    .array(impairment)
    .default([])
    .meta({
      description: "What is done to packets on links. Where several match an interface, later ones win, key by key.",
      examples: [[{ on: "vm-001", rate: "10mbit" }]],
    }),
  expect: z
    .array(expectation)
    .default([])
    .meta({
      description: "Which pairs shall reach each other: all, but for these. The last one that matches a pair counts.",
      examples: [[{ from: "vm-001-ns01", to: "*", reach: "no" }]],
    }),
}).meta({ title: "netloom lab", description: "A laboratory of simulated nodes and pods (*.netloom.yaml)." });

/** A lab file's content with defaults filled in and values parsed; what is worked out from it is the topology. */
export type LabSpec = z.output<typeof labSchema>;

/** A lab as a person writes it: in a file, or as an object in a test. */
export type LabInput = z.input<typeof labSchema>;

/** The JSON Schema of the file (draft-07, which editors read). */
export function labJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(labSchema, { target: "draft-7", io: "input", override: keepMeta }) };
}

type JsonSchemaStep = Parameters<NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>["override"]>>[0];

/**
 * zod leaves examples and defaults out where a value is parsed further, for they could be of the parsed type. Ours are of
 * the written one, where they are not said otherwise.
 */
function keepMeta({ zodSchema, jsonSchema }: JsonSchemaStep): void {
  const { examples, default: written } = z.globalRegistry.get(zodSchema) ?? {};
  if (Array.isArray(examples)) jsonSchema.examples = [...examples];
  const { def } = zodSchema._zod;
  const given = def.type === "default" || def.type === "prefault" ? Reflect.get(def, "defaultValue") : undefined;
  const value = written ?? given;
  if (value !== undefined) jsonSchema.default = structuredClone(value);
}

/** The JSON Schema as it is published: two spaces, a newline at the end. */
export function labJsonSchemaText(): string {
  return `${JSON.stringify(labJsonSchema(), undefined, 2)}\n`;
}

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

function lanPrefixOf(text: string): Prefix {
  const prefix = parsePrefix(text);
  const network = networkOf(prefix);
  if (network === prefix) return prefix;
  throw new ValueError("bad-prefix", text, `"${text}" has host bits set; a LAN's prefix has none: ${network}`);
}

function positiveRate(text: string): number {
  const rate = parseRate(text);
  if (rate > 0) return rate;
  throw new ValueError(
    "bad-quantity",
    text,
    `"${text}" lets nothing through; for a link that loses all, write loss: 100%`,
  );
}

function podInterface(text: string) {
  const name = parseIfName(text);
  if (!["lo", "all", "default"].includes(text)) return name;
  throw new ValueError("bad-ifname", text, `"${text}" is taken in every namespace; write one like eth0`);
}
