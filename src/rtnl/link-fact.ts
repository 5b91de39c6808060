import type { Mac } from "../values/index.ts";
import { asMac } from "./_address.ts";
import { fact } from "./_absent.ts";
import { AF } from "./family.ts";
import { IFF, type IfInfo } from "./ifinfo.ts";
import { type BridgePortGet, type LinkDataGet, type LinkKind, isLinkKind } from "./kinds/index.ts";
import type { LinkAttrs } from "./link-message.ts";
import type { LinkStats } from "./link-stats.ts";

/** What every network device has, whatever its kind. */
export interface LinkCommon {
  /** Number of the device in its namespace. */
  readonly index: number;
  readonly name: string;
  /** Bytes. */
  readonly mtu: number;
  /** Absent on devices whose hardware address is no MAC (tunnels). */
  readonly mac?: Mac;
  /** Somebody set it up (IFF_UP). */
  readonly up: boolean;
  /** Up, and the layer below works: both ends of a pair up, cable in (IFF_LOWER_UP). */
  readonly carrier: boolean;
  readonly operState: NonNullable<LinkAttrs["operState"]>;
  /** Index of the bridge or VRF it belongs to. */
  readonly master?: number;
  /** Index of the device below, or of a veth's other end; in the namespace `netnsId` if there is one. */
  readonly lower?: number;
  /** Number of `lower`'s namespace as seen from here; -1 where it has none. */
  readonly netnsId?: number;
  readonly alias?: string;
  readonly altNames: readonly string[];
  readonly addrGenMode?: "eui64" | "none" | "stable-privacy" | "random" | number;
  readonly arp: boolean;
  /** Takes all frames, by wish or because a master asks for it. */
  readonly promisc: boolean;
  readonly allmulti: boolean;
  readonly group: number;
  /** Packets. */
  readonly txQueueLen: number;
  readonly numTxQueues?: number;
  readonly qdisc?: string;
  /** Its options as a port, when its master is a bridge. */
  readonly port?: BridgePortGet;
  /** Only if asked for. */
  readonly stats?: LinkStats;
  /** IFF_* of linux/if.h. */
  readonly flags: number;
  /** ARPHRD_* of linux/if_arp.h: 1 Ethernet, 772 loopback. */
  readonly hardware: number;
}

/** Which kind it is, with the data of that kind; `kind` is absent on hardware and loopback. */
export type LinkVariant =
  | { readonly [K in LinkKind]: { readonly kind: K; readonly data: LinkDataGet<K> } }[LinkKind]
  | { readonly kind: "other"; readonly otherKind: string; readonly data?: Uint8Array }
  | { readonly kind?: never; readonly data?: never };

/** A network device as the kernel reports it. */
export type Link = LinkCommon & LinkVariant;

/** A link of one kind. */
export type LinkOf<K extends LinkKind> = LinkCommon & { readonly kind: K; readonly data: LinkDataGet<K> };

/** The same with its counters. */
export function readLinkStats(header: IfInfo, attrs: LinkAttrs): Link | undefined {
  const link = readLink(header, attrs);
  return link && (attrs.stats64 === undefined ? link : { ...link, stats: attrs.stats64 });
}

/**
 * A fact from a link message, without counters: they change without being changed. `undefined` for a bridge's own
 * messages about its ports (AF_BRIDGE).
 */
export function readLink(header: IfInfo, attrs: LinkAttrs): Link | undefined {
  if (header.family === AF.BRIDGE || attrs.name === undefined) return undefined;
  const { flags } = header;
  const common = fact<LinkCommon>({
    index: header.index,
    name: attrs.name,
    mtu: attrs.mtu ?? 0,
    mac: asMac(attrs.address),
    up: (flags & IFF.UP) !== 0,
    carrier: (flags & IFF.LOWER_UP) !== 0,
    operState: attrs.operState ?? "unknown",
    master: attrs.master,
    lower: attrs.link === 0 ? undefined : attrs.link,
    netnsId: attrs.linkNetnsId,
    alias: attrs.alias,
    altNames: attrs.altNames ?? [],
    addrGenMode: attrs.afSpec?.inet6?.addrGenMode,
    arp: (flags & IFF.NOARP) === 0,
    promisc: (flags & IFF.PROMISC) !== 0 || (attrs.promiscuity ?? 0) > 0,
    allmulti: (flags & IFF.ALLMULTI) !== 0,
    group: attrs.group ?? 0,
    txQueueLen: attrs.txQueueLen ?? 0,
    numTxQueues: attrs.numTxQueues,
    qdisc: attrs.qdisc,
    port: attrs.linkInfo?.slaveKind === "bridge" ? (attrs.linkInfo.slaveData as BridgePortGet) : undefined,
    stats: undefined,
    flags,
    hardware: header.type,
  });
  return { ...common, ...variant(attrs.linkInfo) };
}

function variant(info: LinkAttrs["linkInfo"]): LinkVariant {
  if (info?.kind === undefined) return {};
  const { kind, data } = info;
  // The table was chosen by the kind, so the data are of that kind.
  if (isLinkKind(kind)) return { kind, data: data ?? {} } as LinkVariant;
  return { kind: "other", otherKind: kind, ...(data === undefined ? {} : { data: data as Uint8Array }) };
}
