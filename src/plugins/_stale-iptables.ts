/** GC of what was made through the iptables program, ours and the reference's: as far as it says whose it is. */
import { type Attachment, type Call, HOST, type Work } from "../cni/index.ts";
import { type Saved, changeIptables, hasIptables } from "./_iptables.ts";
import { hasOldIptables } from "./_old-iptables.ts";
import type { Identity } from "./_owner.ts";
import type { Release } from "./_release.ts";

export interface StaleIptables {
  readonly table: "nat" | "filter";
  /** A chain that is there if any of the rules are. */
  readonly chain: string;
  /** At which key iptables is asked for. */
  readonly remedy: string;
  /** The commands that take away what is none of the network's valid attachments'. */
  readonly commands: (saved: Saved, network: string, valid: readonly Identity[]) => readonly string[];
}

/** The program is called only where the chain is. */
export function releaseStaleIptables(call: Call, work: Work, load: () => Promise<StaleIptables>): Release {
  const { network, valid } = call;
  return {
    what: "stale rules in iptables",
    async do() {
      if (valid === undefined) return;
      const { table, chain, remedy, commands } = await load();
      const identities = valid.map((one) => identityIn(network, one));
      for (const family of [4, 6] as const) {
        const place = { family: family === 4 ? "ip" : "ip6", name: table } as const;
        if (!hasOldIptables(table) && !work.kernel.hasChain(HOST, place, chain)) continue;
        if (!hasIptables(family)) continue;
        changeIptables(work, family, table, (saved) => commands(saved, network, identities), remedy);
      }
    },
  };
}

function identityIn(network: string, { containerID, ifname }: Attachment): Identity {
  return { network, containerId: containerID, ifname };
}

/**
 * The commands that take away chains whose rules, or the jumps to which, have a comment that begins so.
 * @param name - what the names of such chains are like
 * @param kept - those that stay
 */
export function staleChains(saved: Saved, beginning: string, name: RegExp, kept: readonly string[]): readonly string[] {
  const words = saved.commented(beginning).flatMap((rule) => {
    const [, chain = "", ...rest] = rule.split(" ");
    return [chain, rest.at(-1) ?? ""];
  });
  const stale = new Set(words.filter((word) => name.test(word) && !kept.includes(word)));
  return [...stale].flatMap((chain) => saved.removal(chain));
}
