/** What GC and CHECK have to do with masquerading. */
import { type Call, HOST, type Work } from "../cni/index.ts";
import type { Prefix } from "../values/index.ts";
import type { MasqBackend } from "./_conf.ts";
import type { Release } from "./_release.ts";
import { releaseStaleIptables } from "./_stale-iptables.ts";
import { missingRules, releaseStaleRules } from "./_stale-rules.ts";

/** Of attachments that are no longer valid, by either backend: the configuration may have changed since. */
export function releaseStaleMasquerade(call: Call, work: Work): readonly Release[] {
  return [
    releaseStaleRules(call, work, "stale masquerading", async () => (await import("./_masquerade.ts")).masqueradeTable),
    releaseStaleIptables(call, work, async () => (await import("./_iptables-masquerade.ts")).staleMasquerade),
  ];
}

/** How the masquerading differs from what ADD did. */
export async function masqueradeDifferences(
  backend: MasqBackend,
  call: Call,
  work: Work,
  addresses: readonly Prefix[],
): Promise<readonly string[]> {
  if (backend === "nftables") {
    const { masqueradePut } = await import("./_masquerade.ts");
    return missingRules(work, masqueradePut(HOST, call, addresses));
  }
  const { checkMasqueradeByIptables } = await import("./_iptables-masquerade.ts");
  return checkMasqueradeByIptables(call, addresses);
}
