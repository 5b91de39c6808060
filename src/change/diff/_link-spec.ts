import type { BridgePortGet, BridgePortSet } from "../../rtnl/index.ts";
import { present } from "../_equal.ts";
import type { LinkFact } from "../facts.ts";
import type { LinkRef, LinkSpec } from "../net.ts";

/** What of a bridge's data is worth writing again: it answers its whole state. */
const bridgeSettings = [
  "ageingTime",
  "forwardDelay",
  "groupFwdMask",
  "helloTime",
  "maxAge",
  "mcastSnooping",
  "priority",
  "stpState",
];
/** Of other kinds all but the device below (named by `lower`), counters, and what only newer kernels take back. */
const notSettings = new Set([
  "bcQueueLenUsed",
  "labelPolicy",
  "link",
  "localBypass",
  "macAddrCount",
  "macAddrData",
  "mcRoute",
  "other",
  "remCsumRx",
  "remCsumTx",
  "reservedBits",
]);
/** What is on unless it is said to be off. */
const defaultOn = new Set(["learning", "udpCsum"]);
const portSettingKeys = [
  "bcastFlood",
  "bpduGuard",
  "cost",
  "fastLeave",
  "flood",
  "groupFwdMask",
  "hairpin",
  "isolated",
  "learning",
  "locked",
  "mcastFlood",
  "mcastToUnicast",
  "neighSuppress",
  "priority",
  "proxyArp",
  "rootBlock",
] as const satisfies readonly (keyof BridgePortSet)[];

/**
 * The spec that makes the link again as it is: for undoing its removal. `others`: what of it is in other namespaces, the
 * other end of a veth or the device below.
 */
export function linkSpecOf(fact: LinkFact, others: { readonly peer?: LinkRef; readonly below?: LinkRef }): LinkSpec {
  const { name, kind, lower, up, mtu, mac, master, alias, altNames, addrGenMode } = fact;
  const { peer, below } = others;
  return present({
    name,
    kind,
    data: dataSettings(fact),
    lower: kind === "veth" ? undefined : (below?.name ?? lower),
    lowerNetns: below?.netns,
    peer,
    up,
    mtu,
    mac,
    master,
    alias,
    altNames: altNames?.length ? altNames : undefined,
    addrGenMode,
    port: portSettings(fact.port),
  }) as LinkSpec;
}

export function portSettings(port: BridgePortGet | undefined): BridgePortSet | undefined {
  if (port === undefined) return undefined;
  const settings: Record<string, unknown> = {};
  for (const key of portSettingKeys) if (port[key] !== undefined) settings[key] = port[key];
  return settings as BridgePortSet;
}

function dataSettings({ kind, data }: LinkFact): object | undefined {
  if (data === undefined || kind === "veth") return undefined;
  const keep = (key: string, value: unknown) => {
    if (kind !== "bridge") return !notSettings.has(key) && (defaultOn.has(key) || !isDefault(value));
    return bridgeSettings.includes(key) || (key === "vlanFiltering" && value === true);
  };
  const kept = Object.entries(data).filter(([key, value]) => keep(key, value));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** Zero, off, unset: what the kernel answers for what nobody set. */
function isDefault(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isDefault);
  return value === 0 || value === 0n || value === false || value === "unset" || value === "none";
}
