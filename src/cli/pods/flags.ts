import { choice, integer, text, toggle } from "../flags.ts";
import { UsageError } from "../usage.ts";

/** Flags of `netloom pods` that say which node this is and how its pods are named; the variables of `netns_test` count as well. */
export const nodeFlags = {
  node: integer("N", "this node's number; its pods are vm-N-ns01 …", 1, 65_536, { otherwise: "that in the host name" }),
  "name-prefix": text("TEXT", "stands before the pods' names; such pods use net 0"),
  interface: text("NAME", "the pods' interface, or hostname for one that is named like the pod", { otherwise: "eth0" }),
} as const;

/** Flags that say what addresses there are. */
export const addressFlags = {
  template: text("TEMPLATE", "the pods' addresses", { otherwise: "172.16.0.0/16/24" }),
  prefix: text("TEXT", "what stands before :IPV4 in IPv6 addresses", { otherwise: "1000::1" }),
  family: choice(["both", "4", "6"], "both", "one family alone"),
  random: toggle("addresses of /etc/rnd-addresses rather than by number"),
} as const;

/** Flags of what concerns other nodes too. */
export const clusterFlags = {
  nodes: integer("N", "the number of nodes", 1, 65_536, { otherwise: "4" }),
  net: integer("N", "the net between the nodes, on eth<N>", 0, 255, { otherwise: "1" }),
} as const;

export const mtu = integer("BYTES", "MTU of the pods' interfaces and of the bridge", 68, 65_535);

/** More than any kernel has had at once, and few enough to be listed. */
const MOST_PODS = 65_536;

/** A count of pods, as the one argument. @throws {UsageError} */
export function countOf(args: readonly string[], example: string): number | undefined {
  const [word, ...more] = args;
  if (word === undefined) return undefined;
  if (more.length === 0 && /^[0-9]{1,9}$/.test(word) && Number(word) <= MOST_PODS) return Number(word);
  throw new UsageError(
    `${args.join(" ")}: give one whole number from 0 to ${MOST_PODS}, how many pods`,
    `like this: ${example}`,
  );
}
