import * as z from "zod";

import { parseIfName, ValueError } from "../../values/index.ts";
import { memberName } from "./_names.ts";
import { count, namePattern, number } from "./_numbers.ts";
import { parsed, strict } from "./_parts.ts";

/** A network's pods: so many on each node, or all of them one by one. */
export const pods = z.union([
  count,
  strict({
    count: count
      .default(4)
      .meta({ description: "How many pods each node has; they are numbered from 1.", examples: [3] }),
    name: namePattern.optional().meta({
      description:
        "How they are named: `<node>` becomes the node's name, `<network>` the network's, `%02d` the number. Of `networks` the default is `<network>-<node>-ns%02d`.",
      default: "<node>-ns%02d",
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

/** The interface inside a pod. */
export const podInterface = parsed(podInterfaceOf);

function podInterfaceOf(text: string) {
  const name = parseIfName(text);
  if (!["lo", "all", "default"].includes(text)) return name;
  throw new ValueError("bad-ifname", text, `"${text}" is taken in every namespace; write one like eth0`);
}
