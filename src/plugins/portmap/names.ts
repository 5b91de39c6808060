/** Names of chains in the tables of iptables. */
import type { Identity } from "../_owner.ts";

/** The attachment's chain. Unlike the reference's name this one has the interface in it. */
export function chainOf({ network, containerId, ifname }: Identity): string {
  return named("DN", `${network}/${containerId}/${ifname}`);
}

/** The chains that the reference has for a container, the second in former times. */
export function referenceChains({ network, containerId }: Identity): readonly string[] {
  return [named("DN", `${network}${containerId}`), named("SN", `${network}${containerId}`)];
}

function named(kind: string, text: string): string {
  return `CNI-${kind}-${Bun.CryptoHasher.hash("sha512", text, "hex").slice(0, 21)}`;
}
