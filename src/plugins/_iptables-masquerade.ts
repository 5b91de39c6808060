/** Masquerading through the iptables program, for hosts whose other rules live there too. */
import { type Call, CniError, type Work, codes } from "../cni/index.ts";
import { type Family, type Prefix, familyOf, networkOf, prefixIp } from "../values/index.ts";
import type { Identity } from "./_owner.ts";

const programs = { 4: "iptables", 6: "ip6tables" } as const;
const multicast = { 4: "224.0.0.0/4", 6: "ff00::/8" } as const;
const families = [4, 6] as const;
/** Seconds to wait for whoever is changing the rules now. */
const WAIT = ["-w", "5"];

/**
 * Rules in the form of the reference's (cni.md 2.19), all of a family in one run. Unlike there the interface is part of the
 * chain's name, so that two attachments of a container do not share one.
 */
export function masqueradeByIptables(call: Call, work: Work, addresses: readonly Prefix[]): void {
  for (const family of families) {
    const own = addresses.filter((address) => familyOf(address) === family);
    if (own.length === 0) continue;
    work.undo(`end masquerading by ${programs[family]}`, () => end(family, chainOf(call)));
    restore(family, setUp(family, call, own));
  }
}

/** Ends it, whatever the addresses are. Where the program is missing there is nothing to end. */
export function endMasqueradeByIptables(call: Identity): void {
  for (const family of families) if (Bun.which(`${programs[family]}-save`) !== null) end(family, chainOf(call));
}

/** @throws {CniError} 105 */
export function checkMasqueradeByIptables(call: Identity, addresses: readonly Prefix[]): readonly string[] {
  return families.flatMap((family) => {
    const own = addresses.filter((address) => familyOf(address) === family);
    const rules = own.length === 0 ? "" : save(family);
    return own
      .filter(
        (address) =>
          !rules.includes(`-A POSTROUTING -s ${prefixIp(address)}/`) || !rules.includes(`-j ${chainOf(call)}`),
      )
      .map((address) => `${address} is not masqueraded by ${programs[family]}`);
  });
}

/** At most 28 bytes, XT_EXTENSION_MAXNAMELEN without the closing NUL. */
export function chainOf({ network, containerId, ifname }: Identity): string {
  return `CNI-${Bun.CryptoHasher.hash("sha512", `${network}/${containerId}/${ifname}`, "hex").slice(0, 24)}`;
}

/** What iptables-restore reads. */
export function setUp(family: Family, call: Identity, addresses: readonly Prefix[]): string {
  const chain = chainOf(call);
  const comment = `-m comment --comment "name: \\"${call.network}\\" id: \\"${call.containerId}\\""`;
  const near = [...new Set(addresses.map(networkOf))];
  return [
    "*nat",
    `:${chain} - [0:0]`,
    ...near.map((network) => `-A ${chain} -d ${network} ${comment} -j ACCEPT`),
    `-A ${chain} ! -d ${multicast[family]} ${comment} -j MASQUERADE`,
    ...addresses.map((address) => `-A POSTROUTING -s ${prefixIp(address)} ${comment} -j ${chain}`),
    "COMMIT",
    "",
  ].join("\n");
}

function end(family: Family, chain: string): void {
  const takingDown = takeDown(chain, save(family));
  if (takingDown !== undefined) restore(family, takingDown);
}

/** What takes the chain away, by the rules there are; nothing if it is not among them. */
export function takeDown(chain: string, saved: string): string | undefined {
  const lines = saved.split("\n");
  if (!lines.some((line) => line.startsWith(`:${chain} `))) return undefined;
  const jumps = lines.filter((line) => line.startsWith("-A ") && line.endsWith(` -j ${chain}`));
  return ["*nat", ...jumps.map((line) => `-D${line.slice(2)}`), `-F ${chain}`, `-X ${chain}`, "COMMIT", ""].join("\n");
}

function save(family: Family): string {
  return run(`${programs[family]}-save`, ["-t", "nat"], "");
}

function restore(family: Family, input: string): void {
  run(`${programs[family]}-restore`, [...WAIT, "--noflush"], input);
}

function run(program: string, args: readonly string[], input: string): string {
  const path = Bun.which(program);
  if (path === null) {
    throw new CniError(
      codes.missing,
      `cannot change masquerading: there is no program ${program}`,
      "at ipMasqBackend: install iptables, or write nftables, which needs no program",
    );
  }
  const { stdout, stderr, exitCode } = Bun.spawnSync([path, ...args], { stdin: new TextEncoder().encode(input) });
  if (exitCode === 0) return stdout.toString();
  throw new CniError(codes.kernel, `cannot change masquerading: ${program} failed`, stderr.toString().trim());
}
