import { type Op, type OpOf } from "../change/index.ts";
import {
  type Element,
  type SharedTable,
  back,
  goTo,
  is,
  isNot,
  masquerade,
  ownChain,
  rule,
  vmap,
} from "../nft/index.ts";
import { type Family, type Prefix, familyOf, networkOf, prefixIp } from "../values/index.ts";
import { type Identity, ownerOf } from "./_owner.ts";

/** An attachment's own rules: reached by its addresses. */
const POD = "pod";

/**
 * The table of all attachments whose traffic leaves with the host's address. What goes to several receivers keeps its source,
 * as does what stays in the attachment's own subnet.
 */
export const masqueradeTable: SharedTable = {
  family: "inet",
  name: "netloom_masquerade",
  comment: "netloom: sources that leave with the address of this host",
  roles: [POD],
  sets: [
    { name: "pods4", key: ["ipv4_addr"], data: "verdict" },
    { name: "pods6", key: ["ipv6_addr"], data: "verdict" },
  ],
  chains: [
    {
      name: "postrouting",
      base: { type: "nat", hook: "postrouting", priority: "srcnat" },
      rules: [
        rule([is("ip daddr", "224.0.0.0/4"), back]),
        rule([is("ip6 daddr", "ff00::/8"), back]),
        rule([vmap("ip saddr", "pods4")]),
        rule([vmap("ip6 saddr", "pods6")]),
      ],
    },
  ],
};

/** Masquerades an attachment's addresses (with their host bits), whatever was masqueraded for it before. */
export function masqueradePut(netns: string, identity: Identity, addresses: readonly Prefix[]): OpOf<"nft.put"> {
  const owner = ownerOf(identity);
  const elementsOf = (family: Family): readonly Element[] =>
    addresses
      .filter((address) => familyOf(address) === family)
      .map((address) => ({ key: [prefixIp(address)], to: goTo(ownChain(POD, owner)) }));
  const elements = ([4, 6] as const).flatMap((family) => {
    const own = elementsOf(family);
    return own.length === 0 ? [] : [{ set: `pods${family}`, elements: own }];
  });
  return {
    do: "nft.put",
    netns,
    table: masqueradeTable,
    owner,
    own: { rules: { [POD]: addresses.map(exceptNear) }, elements },
    // The address is the attachment's now: whoever had it before left without a word.
    taking: true,
  };
}

/** Ends the masquerading of an attachment, whatever its addresses are. */
export function masqueradeDelete(netns: string, identity: Identity): Op {
  return { do: "nft.delete", netns, table: masqueradeTable, owner: ownerOf(identity) };
}

function exceptNear(address: Prefix) {
  const [source, to] =
    familyOf(address) === 4 ? (["ip saddr", "ip daddr"] as const) : (["ip6 saddr", "ip6 daddr"] as const);
  return rule([is(source, prefixIp(address)), isNot(to, networkOf(address)), masquerade]);
}
