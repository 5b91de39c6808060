/** Masquerading through the iptables program, for hosts whose other rules live there too. */
import type { Call, Work } from "../cni/index.ts";
import { type Family, type Prefix, familyOf, networkOf, prefixIp } from "../values/index.ts";
import {
  type Saved,
  changeIptables,
  commentWords,
  namedComment,
  networkComment,
  readIptables,
  removeChains,
} from "./_iptables.ts";
import type { Identity } from "./_owner.ts";
import { referenceChain } from "./_reference-rules.ts";
import { type StaleIptables, staleChains } from "./_stale-iptables.ts";

const multicast = { 4: "224.0.0.0/4", 6: "ff00::/8" } as const;
const families = [4, 6] as const;
const REMEDY = "at ipMasqBackend: write nftables, which needs no program";

/**
 * Rules in the form of the reference's (cni.md 2.19), all of a family in one run. Unlike there the interface is part of the
 * chain's name, so that two attachments of a container do not share one.
 * @throws {CniError} 102, 100
 */
export function masqueradeByIptables(call: Call, work: Work, addresses: readonly Prefix[]): void {
  for (const family of families) {
    const own = of(family, addresses);
    if (own.length === 0) continue;
    work.undo("end masquerading", () => end(work, family, chainOf(call)));
    changeIptables(work, family, "nat", (saved) => setUp(family, call, own, saved), REMEDY);
  }
}

/** Ends it, whatever the addresses are. */
export function endMasqueradeByIptables(call: Identity, work: Work): void {
  for (const family of families) end(work, family, chainOf(call));
}

function end(work: Work, family: Family, chain: string): void {
  removeChains(work, family, "nat", [chain], REMEDY);
}

/** How the rules differ from what ADD made. @throws {CniError} 102, 100 */
export function checkMasqueradeByIptables(call: Identity, addresses: readonly Prefix[]): readonly string[] {
  return families.flatMap((family) => {
    const own = of(family, addresses);
    if (own.length === 0) return [];
    const saved = readIptables(family, "nat", REMEDY);
    return rulesOf(family, call, own)
      .filter((rule) => !saved.has(rule))
      .map((rule) => `the host's rules lack ${rule}`);
  });
}

/** At most 28 bytes, XT_EXTENSION_MAXNAMELEN without the closing NUL. */
export function chainOf({ network, containerId, ifname }: Identity): string {
  return `CNI-${Bun.CryptoHasher.hash("sha512", `${network}/${containerId}/${ifname}`, "hex").slice(0, 24)}`;
}

/** The commands that masquerade an attachment's addresses, by the rules there are. */
export function setUp(family: Family, call: Identity, addresses: readonly Prefix[], saved: Saved): readonly string[] {
  const chain = chainOf(call);
  return [...saved.removal(chain), `-N ${chain}`, ...rulesOf(family, call, addresses)];
}

/** As `iptables-save` writes them, so that CHECK finds them. */
function rulesOf(family: Family, call: Identity, addresses: readonly Prefix[]): readonly string[] {
  const chain = chainOf(call);
  const comment = commentWords(namedComment(call));
  const near = [...new Set(addresses.map(networkOf))];
  const all = family === 4 ? 32 : 128;
  return [
    ...near.map((network) => `-A ${chain} -d ${network} ${comment} -j ACCEPT`),
    `-A ${chain} ! -d ${multicast[family]} ${comment} -j MASQUERADE`,
    ...addresses.map((address) => `-A POSTROUTING -s ${prefixIp(address)}/${all} ${comment} -j ${chain}`),
  ];
}

function of(family: Family, addresses: readonly Prefix[]): readonly Prefix[] {
  return addresses.filter((address) => familyOf(address) === family);
}

/** What GC takes away. */
export const staleMasquerade: StaleIptables = {
  table: "nat",
  chain: "POSTROUTING",
  remedy: REMEDY,
  commands: (saved, network, valid) =>
    staleChains(
      saved,
      networkComment(network),
      /^CNI-[0-9a-f]{24}$/,
      valid.flatMap((one) => [chainOf(one), referenceChain(one)]),
    ),
};
