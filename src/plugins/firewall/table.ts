import { type SharedTable, rule, vmap } from "../../nft/index.ts";

/** Chains of an attachment: what is sent to it, and what it sends. */
export const TO = "to";
export const FROM = "from";

/**
 * The table of all attachments with rules of their own for what is forwarded. An attachment is found by its address; `policed` are
 * the addresses of those that other bridges' containers may not begin a connection to.
 */
export const firewallTable: SharedTable = {
  family: "inet",
  name: "netloom_firewall",
  comment: "netloom: what is forwarded to and from containers",
  roles: [TO, FROM],
  sets: [
    { name: "to4", key: ["ipv4_addr"], data: "verdict" },
    { name: "to6", key: ["ipv6_addr"], data: "verdict" },
    { name: "from4", key: ["ipv4_addr"], data: "verdict" },
    { name: "from6", key: ["ipv6_addr"], data: "verdict" },
    { name: "policed4", key: ["ipv4_addr"] },
    { name: "policed6", key: ["ipv6_addr"] },
  ],
  chains: [
    {
      name: "forward",
      base: { type: "filter", hook: "forward", priority: "filter" },
      rules: [
        rule([vmap("ip daddr", "to4")]),
        rule([vmap("ip6 daddr", "to6")]),
        rule([vmap("ip saddr", "from4")]),
        rule([vmap("ip6 saddr", "from6")]),
      ],
    },
  ],
};
