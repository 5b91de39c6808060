import type { BridgePortGet, BridgePortSet } from "../../rtnl/index.ts";
import { present } from "../_equal.ts";
import type { LinkFact } from "../facts.ts";
import type { LinkRef, LinkSpec } from "../net.ts";

/** What of a kind's data is worth writing again; kinds not named here: all but `link` (named by `lower`) and counters. */
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
const notSettings = new Set(["link", "other", "peer", "bcQueueLenUsed", "macAddrCount", "macAddrData"]);
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

/** The spec that makes the link again as it is: for undoing its removal. */
export function linkSpecOf(fact: LinkFact, peer: LinkRef | undefined): LinkSpec {
  const { name, kind, lower, up, mtu, mac, master, alias, altNames, addrGenMode } = fact;
  return present({
    name,
    kind,
    data: dataSettings(fact),
    lower: kind === "veth" ? undefined : lower,
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
    if (kind !== "bridge") return !notSettings.has(key);
    return bridgeSettings.includes(key) || (key === "vlanFiltering" && value === true);
  };
  const kept = Object.entries(data).filter(([key, value]) => keep(key, value));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
