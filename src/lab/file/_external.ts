import { parsePrefix } from "../../values/index.ts";
import { memberName } from "./_names.ts";
import { number } from "./_numbers.ts";
import { oneOrMore, parsed, strict } from "./_parts.ts";
import { podInterface } from "./_pods.ts";

/** A host on a LAN that is neither node nor pod. */
export const external = strict({
  name: memberName.meta({ description: "Its name and host name.", examples: ["outside"] }),
  lan: memberName.optional().meta({ description: "The LAN it is on. Default: the first.", examples: ["blue"] }),
  interface: podInterface.prefault("eth0").meta({ description: "Its interface there.", examples: ["eth0"] }),
  number: number.optional().meta({
    description:
      "Its host slot: in the pods' addresses where the LAN is one segment with pods (join `l2`), else in the LAN's prefixes. Default: its place in the list, from 100.",
    examples: [100],
  }),
  net: number.optional().meta({
    description: "Its net slot, where it has a pod's address. Default: the network's, or 0.",
    examples: [0],
  }),
  addresses: oneOrMore(parsed(parsePrefix))
    .optional()
    .meta({
      description: "Its addresses with prefix length, instead of those that numbers make.",
      examples: ["172.16.0.100/24", ["10.0.0.9/24", "fd00::9/64"]],
    }),
  gateway: memberName.optional().meta({
    description: "The node on that LAN that it sends everything else to. Default: none, it knows its LAN only.",
    examples: ["router"],
  }),
});
