import type { NftWish } from "../change/index.ts";
import { type Rule, type SharedTable, back, goTo, is, masquerade, ownChain, rule, vmap } from "../nft/index.ts";
import { type Family, type Prefix, familyOf } from "../values/index.ts";
import { networksOn, outDevOf } from "./topology.ts";
import type { NodeSpec, Topology } from "./topology.ts";

const PODS = "pods";

/** The table on a node in which its pods get the node's address towards the LAN. */
const table: SharedTable = {
  family: "inet",
  name: "netloom_lab",
  comment: "netloom: pods that leave with the address of their node",
  roles: [PODS],
  sets: [{ name: "leaving", key: ["ifname"], data: "verdict" }],
  chains: [
    {
      name: "postrouting",
      base: { type: "nat", hook: "postrouting", priority: "srcnat" },
      rules: [rule([vmap("oifname", "leaving")])],
    },
  ],
};

/** What leaves a node's pods by a LAN for anybody but pods gets the node's address. */
export function planMasquerade(topology: Topology, node: NodeSpec): NftWish {
  const owner = topology.owner.replaceAll(":", "_");
  const hidden = networksOn(topology, node.name).filter(({ network }) => network.masquerade);
  if (hidden.length === 0) return { table, owner };
  const own = hidden.flatMap((each) => each.node.podNets);
  const all = [...new Set(topology.networks.flatMap(({ nodes }) => nodes.flatMap(({ podNets }) => podNets)))];
  const rules = ([4, 6] as const).flatMap((family) => rulesOf(all, own, family));
  const elements = node.uplinks.map((uplink) => ({ key: [outDevOf(uplink)], to: goTo(ownChain(PODS, owner)) }));
  return { table, owner, own: { rules: { [PODS]: rules }, elements: [{ set: "leaving", elements }] } };
}

/** @param all - the pods of everybody, which they keep their addresses for; `own` are those that masquerade here */
function rulesOf(all: readonly Prefix[], own: readonly Prefix[], family: Family): readonly Rule[] {
  const [source, to] = family === 4 ? (["ip saddr", "ip daddr"] as const) : (["ip6 saddr", "ip6 daddr"] as const);
  const ofFamily = (nets: readonly Prefix[]): readonly Prefix[] => nets.filter((net) => familyOf(net) === family);
  return [
    ...ofFamily(all).map((net) => rule([is(to, net), back])),
    ...ofFamily(own).map((net) => rule([is(source, net), masquerade])),
  ];
}
