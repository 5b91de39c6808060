import type { Attachment, Call, Dns, Result } from "../../cni/index.ts";
import type { Ledger, Owner, Pick } from "../../ipam/index.ts";
import { type Ip, makePrefix, prefixLength } from "../../values/index.ts";
import type { HostLocalConf } from "./schema.ts";

/** What ADD answers: each address with the length of its subnet. */
export function resultOf(picks: readonly Pick[], { routes }: HostLocalConf, dns: Dns | undefined): Result {
  return {
    ips: picks.map(({ ip, range: { subnet, gateway } }) => ({
      address: makePrefix(ip, prefixLength(subnet)),
      gateway,
    })),
    ...(routes.length > 0 && { routes }),
    ...(dns && { dns }),
  };
}

/** The addresses whose attachment is not valid; an old reservation, without interface, stands for all of its container. */
export function staleOf(ledger: Ledger, valid: readonly Attachment[]): readonly Ip[] {
  const attachments = new Set(valid.map(({ containerID, ifname }) => `${containerID} ${ifname}`));
  const containers = new Set(valid.map(({ containerID }) => containerID));
  return ledger
    .all()
    .filter(({ owner }) => {
      if (owner === undefined) return true;
      const { containerId, ifname } = owner;
      return ifname === undefined ? !containers.has(containerId) : !attachments.has(`${containerId} ${ifname}`);
    })
    .map(({ ip }) => ip);
}

/** Whom an attachment's addresses are reserved for. */
export function ownerOf({ containerId, ifname }: Call): Owner {
  return { containerId, ifname };
}
