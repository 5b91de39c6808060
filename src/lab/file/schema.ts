import * as z from "zod";

import { parseDuration, parseIp, parsePercent, parseRate, ValueError } from "../../values/index.ts";
import { addresses } from "./_addresses.ts";
import { external } from "./_external.ts";
import { labName, memberName } from "./_names.ts";
import { namedNetwork, network } from "./_network.ts";
import { count, namePattern, nodeCount, number } from "./_numbers.ts";
import { oneOrMore, parsed, strict } from "./_parts.ts";
import { podInterface, pods } from "./_pods.ts";
import { underlay } from "./_underlay.ts";

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
          pods: count.optional().meta({
            description: "How many pods this node has in each of its networks, instead of `pods.count`.",
            examples: [0, 5],
          }),
          lans: z
            .array(memberName)
            .optional()
            .meta({
              description: "The LANs it is on, in the order of its eth1, eth2, … Default: all.",
              examples: [["blue", "green"]],
            }),
          addresses: z
            .record(memberName, oneOrMore(parsed(parseIp)))
            .optional()
            .meta({
              description:
                "Its addresses on LANs, one for each of the LAN's prefixes, instead of those that numbers make.",
              examples: [{ lan1: ["192.168.1.77", "fd00:192:168:1::abcd"] }],
            }),
        }),
      ]),
    )
    .min(1),
]);

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
  interface: podInterface.prefault("eth0").meta({ description: "The interface inside a pod.", examples: ["eth0"] }),
  addresses: addresses.prefault({ ipv4: "172.16.0.0/16/24", ipv6: "1000::1:0.0.0.0" }).meta({
    description: "The pods' address templates; at least one family.",
    examples: [{ ipv4: "172.16.0.0/16/24", ipv6: "1000::1:0.0.0.0" }, { ipv6: "fd00:1::/48/64" }],
  }),
  networks: z
    .array(namedNetwork)
    .min(1)
    .optional()
    .meta({
      description:
        "Several networks of pods, instead of `network`; `pods`, `addresses` and `interface` at the top are what they have unless they say otherwise.",
      examples: [
        [
          { name: "br2", join: { kind: "l2", lan: "blue" } },
          { name: "br3", join: { kind: "l2", lan: "green" } },
        ],
      ],
    }),
  externals: z
    .array(external)
    .default([])
    .meta({
      description: "Hosts on the LANs that are neither nodes nor pods; `netloom test` asks them and asks from them.",
      examples: [[{ name: "outside", lan: "blue", number: 100 }]],
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

function positiveRate(text: string): number {
  const rate = parseRate(text);
  if (rate > 0) return rate;
  throw new ValueError(
    "bad-quantity",
    text,
    `"${text}" lets nothing through; for a link that loses all, write loss: 100%`,
  );
}
