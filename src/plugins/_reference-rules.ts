/**
 * Rules as the reference's bridge and ptp make them (cni.md 2.0, 2.1, 2.19), so that attachments from before netloom was there are
 * taken down wholly.
 */
import type { Op } from "../change/index.ts";
import { HOST } from "../cni/index.ts";
import type { Identity } from "./_owner.ts";

/** Both backends: the configuration may have changed since. Attachments of a container to one network share the chain there. */
export function referenceMasquerade({ network, containerId, ifname }: Identity): readonly Op[] {
  const chain = referenceChain({ network, containerId });
  const comment = `${sha512(network).slice(0, 16)}-${sha512(`${ifname}:${containerId}`).slice(0, 16)}, `;
  return [
    {
      do: "nft.clear",
      netns: HOST,
      table: { family: "inet", name: "cni_plugins_masquerade" },
      what: { comment, begins: true },
    },
    ...(["ip", "ip6"] as const).map((family): Op => ({
      do: "nft.clear",
      netns: HOST,
      table: { family, name: "nat" },
      what: { chain },
    })),
  ];
}

/** The chain of a container's masquerading through iptables. */
export function referenceChain({ network, containerId }: Pick<Identity, "network" | "containerId">): string {
  return `CNI-${sha512(`${network}${containerId}`).slice(0, 24)}`;
}

/** NFT_NAME_MAXLEN of the kernel, less the end of the text. */
const LONGEST_CHAIN = 255;

/** The outer chain first: it leads to the inner one. Names that the kernel does not take are of none. */
export function referenceSpoofCheck({ containerId, ifname }: Identity): readonly Op[] {
  const outer = `cni-br-iface-${containerId}-${ifname}`;
  const chains = [outer, `${outer}-mac`].filter(({ length }) => length <= LONGEST_CHAIN);
  return chains.map((chain) => ({
    do: "nft.clear",
    netns: HOST,
    table: { family: "bridge", name: "nat" },
    what: { chain },
  }));
}

function sha512(text: string): string {
  return Bun.CryptoHasher.hash("sha512", text, "hex");
}
