import { NLM_F, type Query, type Request, query, request } from "../netlink/index.ts";
import type { Mac } from "../values/index.ts";
import { IFF, ifinfo } from "./ifinfo.ts";
import type { BridgePortSet, LinkDataSet, LinkKind } from "./kinds/index.ts";
import type { AddrGenMode } from "./link-add.ts";
import { type Link, readLink, readLinkStats } from "./link-fact.ts";
import {
  type LinkAttrsSet,
  dellink,
  dellinkprop,
  extMask,
  getlink,
  linkAnswer,
  linkAnswerWithStats,
  newlink,
  newlinkprop,
} from "./link-message.ts";

/** A link by its number, or by its name: also an alternative one. */
export type LinkKey =
  | { readonly index: number; readonly name?: never }
  | { readonly name: string; readonly index?: never };

/** New data for a link of this kind; what is not mentioned stays. */
export type KindChange = { readonly [K in LinkKind]: { readonly kind: K; readonly data: LinkDataSet<K> } }[LinkKind];

/** What to change on a link. */
export interface LinkChange {
  readonly up?: boolean;
  /** Bytes. */
  readonly mtu?: number;
  readonly mac?: Mac;
  /** Index of a bridge or VRF; 0 to leave. */
  readonly master?: number;
  /** Up to 255 bytes; empty removes it. */
  readonly alias?: string;
  /** Moves it to the namespace of this descriptor. */
  readonly netnsFd?: number;
  readonly addrGenMode?: AddrGenMode;
  readonly promisc?: boolean;
  readonly arp?: boolean;
  readonly allmulti?: boolean;
  /** Packets. */
  readonly txQueueLen?: number;
  readonly group?: number;
  /** As the port of a bridge. */
  readonly port?: BridgePortSet;
  readonly kindData?: KindChange;
}

const IFNAMSIZ = 16;
const utf8 = new TextEncoder();

/** Changes a link; only by its number can it be renamed. RTM_NEWLINK of linux/rtnetlink.h, without NLM_F_CREATE. */
export function setLink(key: { readonly index: number }, change: LinkChange & { readonly name?: string }): Request;
export function setLink(key: LinkKey, change: LinkChange): Request;
export function setLink(key: LinkKey, change: LinkChange & { readonly name?: string }): Request {
  const { addrGenMode, port, kindData } = change;
  const attrs: LinkAttrsSet = {
    ...nameOf(key),
    ...(change.name === undefined ? {} : { name: change.name }),
    mtu: change.mtu,
    address: change.mac,
    master: change.master,
    alias: change.alias,
    txQueueLen: change.txQueueLen,
    group: change.group,
    netnsFd: change.netnsFd,
    afSpec: addrGenMode === undefined ? undefined : { inet6: { addrGenMode } },
    linkInfo:
      port === undefined && kindData === undefined
        ? undefined
        : { ...kindData, ...(port === undefined ? {} : { slaveKind: "bridge", slaveData: port }) },
  };
  const header = ifinfo({ index: key.index ?? 0, ...flagsOf(change) });
  return request(newlink, 0, header, attrs, `set link ${show(key)}`);
}

function flagsOf({ up, promisc, allmulti, arp }: LinkChange): { readonly flags: number; readonly change: number } {
  const wishes = [
    [IFF.UP, up],
    [IFF.PROMISC, promisc],
    [IFF.ALLMULTI, allmulti],
    [IFF.NOARP, arp === undefined ? undefined : !arp],
  ] as const;
  let flags = 0;
  let change = 0;
  for (const [bit, on] of wishes) {
    if (on !== undefined) change |= bit;
    if (on === true) flags |= bit;
  }
  return { flags, change };
}

/** Gives a link another name, up to 127 bytes. RTM_NEWLINKPROP. */
export function addAltName(key: LinkKey, name: string): Request {
  const flags = NLM_F.CREATE | NLM_F.EXCL | NLM_F.APPEND;
  const attrs = { ...nameOf(key), altNames: [name] };
  return request(
    newlinkprop,
    flags,
    ifinfo({ index: key.index ?? 0 }),
    attrs,
    `add the name ${name} to link ${show(key)}`,
  );
}

/** Takes an alternative name away. RTM_DELLINKPROP. */
export function delAltName(key: LinkKey, name: string): Request {
  const attrs = { ...nameOf(key), altNames: [name] };
  const header = ifinfo({ index: key.index ?? 0 });
  return request(dellinkprop, 0, header, attrs, `remove the name ${name} from link ${show(key)}`);
}

/** Deletes a link, and with it a veth's other end. RTM_DELLINK. */
export function delLink(key: LinkKey): Request {
  return request(dellink, 0, ifinfo({ index: key.index ?? 0 }), nameOf(key), `delete link ${show(key)}`);
}

/** One link; with counters if `stats`. RTM_GETLINK. */
export function getLink(key: LinkKey, { stats = false }: { readonly stats?: boolean } = {}): Query<Link> {
  const attrs = { ...nameOf(key), extMask };
  const asked = request(getlink, 0, ifinfo({ index: key.index ?? 0 }), attrs, `get link ${show(key)}`);
  return stats ? query(asked, linkAnswerWithStats, readLinkStats) : query(asked, linkAnswer, readLink);
}

/** Which links to list: ports of `master` (by index), of one kind; with counters if `stats`. */
export interface LinkFilter {
  readonly master?: number;
  readonly kind?: string;
  readonly stats?: boolean;
}

/** All links, filtered by the kernel. RTM_GETLINK, a dump. */
export function listLinks({ master, kind, stats = false }: LinkFilter = {}): Query<Link> {
  const attrs = { extMask, master, linkInfo: kind === undefined ? undefined : { kind } };
  const asked = request(getlink, 0, ifinfo(), attrs, "list links");
  return stats ? query(asked, linkAnswerWithStats, readLinkStats) : query(asked, linkAnswer, readLink);
}

function nameOf({ name }: LinkKey): LinkAttrsSet {
  if (name === undefined) return {};
  return utf8.encode(name).length < IFNAMSIZ ? { name } : { altName: name };
}

function show({ index, name }: LinkKey): string {
  return name ?? String(index);
}
