import type { IfName } from "../values/index.ts";
import { hasValue } from "./_equal.ts";
import { word } from "./_shell.ts";

type Data = Readonly<Record<string, unknown>>;

/** How one key of a kind's data is written after `type KIND`; nothing when the value says what is the default. */
type Words = Readonly<Record<string, string | ((value: never) => string)>>;

const onOff = (word: string) => (value: boolean) => `${word} ${value ? "on" : "off"}`;
const bit = (word: string) => (value: boolean) => `${word} ${value ? 1 : 0}`;
const yesNo = (word: string) => (value: boolean) => (value ? word : `no${word}`);
const when = (word: string) => (value: boolean) => (value ? word : "");
const range =
  (word: string) =>
  ([low, high]: readonly [number, number]) =>
    `${word} ${low} ${high}`;

const tunnel: Words = {
  local: "local",
  remote: "remote",
  local6: "local",
  remote6: "remote",
  group: "remote",
  group6: "remote",
  ttl: "ttl",
  tos: "tos",
  id: "id",
  collectMetadata: when("external"),
  fwMark: (value: number) => `fwmark 0x${value.toString(16)}`,
  encapLimit: "encaplimit",
};

const udpTunnel: Words = {
  ...tunnel,
  port: "dstport",
  df: "df",
  label: (value: number) => `flowlabel 0x${value.toString(16)}`,
  udpCsum: yesNo("udpcsum"),
  udpZeroCsum6Tx: yesNo("udp6zerocsumtx"),
  udpZeroCsum6Rx: yesNo("udp6zerocsumrx"),
  portRange: range("srcport"),
};

const words: Readonly<Record<string, Words>> = {
  bridge: {
    forwardDelay: "forward_delay",
    helloTime: "hello_time",
    maxAge: "max_age",
    ageingTime: "ageing_time",
    stpState: "stp_state",
    priority: "priority",
    vlanFiltering: bit("vlan_filtering"),
    vlanProtocol: "vlan_protocol",
    vlanDefaultPvid: "vlan_default_pvid",
    groupFwdMask: "group_fwd_mask",
    mcastSnooping: bit("mcast_snooping"),
    mcastRouter: "mcast_router",
    mcastQuerier: bit("mcast_querier"),
    nfCallIptables: bit("nf_call_iptables"),
    nfCallIp6tables: bit("nf_call_ip6tables"),
    nfCallArptables: bit("nf_call_arptables"),
  },
  vxlan: {
    ...udpTunnel,
    ttlInherit: when("ttl inherit"),
    learning: yesNo("learning"),
    ageing: "ageing",
    limit: "maxaddress",
    proxy: yesNo("proxy"),
    rsc: yesNo("rsc"),
    l2miss: yesNo("l2miss"),
    l3miss: yesNo("l3miss"),
    gbp: when("gbp"),
    gpe: when("gpe"),
    vniFilter: when("vnifilter"),
  },
  geneve: { ...udpTunnel, ttlInherit: when("ttl inherit"), innerProtoInherit: when("innerprotoinherit") },
  macvlan: { mode: "mode", bcQueueLen: "bcqueuelen" },
  ipvlan: { mode: (value: string) => `mode ${value}`, flags: (value: string) => value },
  vlan: {
    id: "id",
    protocol: (value: string) => `protocol ${value}`,
  },
  vrf: { table: "table" },
  ipip: tunnel,
  sit: tunnel,
  gre: { ...tunnel, iKey: "ikey", oKey: "okey" },
  gretap: { ...tunnel, iKey: "ikey", oKey: "okey" },
  ip6gre: { ...tunnel, ttl: "hoplimit", iKey: "ikey", oKey: "okey" },
  ip6gretap: { ...tunnel, ttl: "hoplimit", iKey: "ikey", oKey: "okey" },
  ip6tnl: {
    ...tunnel,
    ttl: "hoplimit",
    proto: (value: number) => `mode ${ip6Modes[value] ?? value}`,
    flags: (value: number) => tunnelFlags.flatMap(([bit, text]) => ((value & bit) === 0 ? [] : [text])).join(" "),
  },
};

/** IP6_TNL_F_* of linux/ip6_tunnel.h, as `ip` writes them. */
const tunnelFlags = [
  [0x1, "encaplimit none"],
  [0x2, "tclass inherit"],
  [0x4, "flowlabel inherit"],
  [0x10, "dscp inherit"],
  [0x20, "fwmark inherit"],
  [0x40, "allow-localremote"],
] as const;

/** IPPROTO_IPIP, IPPROTO_IPV6 and 0 for both, as `ip -6 tunnel` calls them. */
const ip6Modes: Readonly<Record<number, string>> = { 0: "any", 4: "ipip6", 41: "ip6ip6" };

/** Kinds whose lower device is written `link X` before `type`; for the others it is `dev X` after it. */
const lowerBefore = new Set(["macvlan", "ipvlan", "vlan"]);

export function isLowerBeforeType(kind: string): boolean {
  return lowerBefore.has(kind);
}

/** What follows `type KIND` in `ip link add`. */
export function printKindData(kind: string, data: object | undefined, lower: IfName | undefined): string[] {
  const table = words[kind] ?? {};
  const out = Object.entries((data ?? {}) as Data)
    .filter(hasValue)
    .map(([key, value]) => {
      const how = table[key];
      if (typeof how === "function") return how(value as never);
      return `${how ?? key} ${plain(value)}`;
    });
  if (lower !== undefined && !isLowerBeforeType(kind)) out.push(`dev ${word(lower)}`);
  return out.filter((text) => text !== "");
}

const portWords: Words = {
  bpduGuard: onOff("guard"),
  rootBlock: onOff("root_block"),
  fastLeave: onOff("mcast_fast_leave"),
  mcastFlood: onOff("mcast_flood"),
  bcastFlood: onOff("bcast_flood"),
  mcastToUnicast: onOff("mcast_to_unicast"),
  neighSuppress: onOff("neigh_suppress"),
  vlanTunnel: onOff("vlan_tunnel"),
  proxyArp: onOff("proxy_arp"),
  mcastRouter: "mcast_router",
  groupFwdMask: "group_fwd_mask",
};

/** What follows `bridge link set dev X`… as `ip link set X type bridge_slave` writes it. */
export function printPort(port: object): string[] {
  return Object.entries(port)
    .filter(hasValue)
    .map(([key, value]) => {
      const how = portWords[key];
      if (typeof how === "function") return how(value as never);
      return `${how ?? key} ${typeof value === "boolean" ? (value ? "on" : "off") : plain(value)}`;
    });
}

function plain(value: unknown): string {
  if (value instanceof Uint8Array) return `0x${value.toHex()}`;
  if (Array.isArray(value)) return value.map(plain).join(" ");
  if (typeof value === "object" && value !== null) return Object.values(value).map(plain).join(" ");
  return String(value);
}
