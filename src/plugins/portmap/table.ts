import { type SharedTable, hasBits, is, jump, masquerade, rule, vmap } from "../../nft/index.ts";

/** Chains of an attachment: `map` leads its ports to it, `return` sees that answers come back. */
export const MAP = "map";
export const RETURN = "return";

const LOCAL = [is("fib daddr type", "local"), jump("ports")];

/**
 * The table of all published ports. What comes to an address of the host, or leaves for one, finds its attachment by protocol and
 * port, those of one address of the host before those of any; two look-ups, however many ports there are.
 */
export const portmapTable: SharedTable = {
  family: "inet",
  name: "netloom_portmap",
  comment: "netloom: ports of this host that lead to containers",
  roles: [MAP, RETURN],
  sets: [
    { name: "hosts4", key: ["ipv4_addr", "inet_proto", "inet_service"], data: "verdict" },
    { name: "hosts6", key: ["ipv6_addr", "inet_proto", "inet_service"], data: "verdict" },
    { name: "ports4", key: ["inet_proto", "inet_service"], data: "verdict" },
    { name: "ports6", key: ["inet_proto", "inet_service"], data: "verdict" },
    { name: "pods4", key: ["ipv4_addr"], data: "verdict" },
    { name: "pods6", key: ["ipv6_addr"], data: "verdict" },
  ],
  chains: [
    {
      name: "ports",
      rules: [
        rule([vmap(["ip daddr", "meta l4proto", "th dport"], "hosts4")]),
        rule([vmap(["ip6 daddr", "meta l4proto", "th dport"], "hosts6")]),
        rule([is("meta nfproto", "ipv4"), vmap(["meta l4proto", "th dport"], "ports4")]),
        rule([is("meta nfproto", "ipv6"), vmap(["meta l4proto", "th dport"], "ports6")]),
      ],
    },
    { name: "prerouting", base: { type: "nat", hook: "prerouting", priority: "dstnat" }, rules: [rule(LOCAL)] },
    { name: "output", base: { type: "nat", hook: "output", priority: "dstnat" }, rules: [rule(LOCAL)] },
    {
      name: "postrouting",
      base: { type: "nat", hook: "postrouting", priority: "srcnat" },
      rules: [rule([vmap("ip daddr", "pods4")]), rule([vmap("ip6 daddr", "pods6")])],
    },
  ],
};

/** What was marked on its way in leaves with the host's address. */
export function masqueradeMarked(mark: number) {
  return rule([hasBits("meta mark", mark), masquerade]);
}
