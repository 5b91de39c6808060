import type { OpOf } from "../change/index.ts";
import { type Call, HOST, type Work } from "../cni/index.ts";
import type { SharedTable } from "../nft/index.ts";
import { networkPrefix, ownerOf } from "./_owner.ts";
import type { Release } from "./_release.ts";

/** Rules in a shared table that belong to attachments of this network which are no longer valid. */
export function releaseStaleRules(
  { network, valid }: Call,
  work: Work,
  what: string,
  load: () => Promise<SharedTable>,
): Release {
  return {
    what,
    async do() {
      if (valid === undefined) return;
      const table = await load();
      const keep = new Set(
        valid.map(({ containerID, ifname }) => ownerOf({ network, containerId: containerID, ifname })),
      );
      const stale = work.kernel
        .ruleOwners(HOST, table)
        .filter((owner) => owner.startsWith(networkPrefix(network)) && !keep.has(owner));
      work.kernel.run(stale.map((owner) => ({ do: "nft.delete", netns: HOST, table, owner })));
    },
  };
}

/** What CHECK says of rules that are not as ADD put them. */
export function missingRules({ kernel }: Work, put: OpOf<"nft.put">): readonly string[] {
  return kernel.missingRules(put).map((line) => `the host's rules lack ${line}`);
}
