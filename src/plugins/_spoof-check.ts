import { type Op, type OpOf } from "../change/index.ts";
import { type SharedTable, drop, goTo, isNot, ownChain, rule, vmap } from "../nft/index.ts";
import type { IfName, Mac } from "../values/index.ts";
import { type Identity, ownerOf } from "./_owner.ts";

/** A port's own rules: reached by the name of the host's end of its pair. */
const PORT = "port";

/** The table of all bridge ports that may send from one MAC address only. */
export const spoofCheckTable: SharedTable = {
  family: "bridge",
  name: "netloom_spoof_check",
  comment: "netloom: bridge ports that may send from their own address only",
  roles: [PORT],
  sets: [{ name: "ports", key: ["ifname"], data: "verdict" }],
  chains: [
    {
      name: "prerouting",
      base: { type: "filter", hook: "prerouting", priority: "dstnat" },
      rules: [rule([vmap("iifname", "ports")])],
    },
  ],
};

/** Drops what comes from `port`, the host's end of the attachment's pair, and not from `mac`. */
export function spoofCheckPut(netns: string, identity: Identity, port: IfName, mac: Mac): OpOf<"nft.put"> {
  const owner = ownerOf(identity);
  return {
    do: "nft.put",
    netns,
    table: spoofCheckTable,
    owner,
    own: {
      rules: { [PORT]: [rule([isNot("ether saddr", mac), drop])] },
      elements: [{ set: "ports", elements: [{ key: [port], to: goTo(ownChain(PORT, owner)) }] }],
    },
    taking: true,
  };
}

/** Ends the check, whatever the port was called. */
export function spoofCheckDelete(netns: string, identity: Identity): Op {
  return { do: "nft.delete", netns, table: spoofCheckTable, owner: ownerOf(identity) };
}
