/** Masquerading by the backend that the configuration names. */
import { type Call, HOST, type Work } from "../cni/index.ts";
import type { Prefix } from "../values/index.ts";
import type { MasqBackend } from "./_conf.ts";
import type { Release } from "./_release.ts";

/** What leaves the addresses' prefixes gets the host's address. */
export async function masquerade(
  backend: MasqBackend,
  call: Call,
  work: Work,
  addresses: readonly Prefix[],
): Promise<void> {
  if (backend === "nftables") {
    const { masqueradePut } = await import("./_masquerade.ts");
    work.run([masqueradePut(HOST, call, addresses)]);
    return;
  }
  const { masqueradeByIptables } = await import("./_iptables-masquerade.ts");
  masqueradeByIptables(call, work, addresses);
}

export function releaseMasquerade(backend: MasqBackend, call: Call, work: Work): Release {
  return {
    what: "masquerading",
    async do() {
      const { referenceMasquerade } = await import("./_reference-rules.ts");
      if (backend === "nftables") {
        const { masqueradeDelete } = await import("./_masquerade.ts");
        work.kernel.run([masqueradeDelete(HOST, call), ...referenceMasquerade(call)]);
        return;
      }
      work.kernel.run(referenceMasquerade(call));
      const { endMasqueradeByIptables } = await import("./_iptables-masquerade.ts");
      endMasqueradeByIptables(call, work);
    },
  };
}
