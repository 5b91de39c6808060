import { NLM_F, type Request, request } from "../netlink/index.ts";
import type { Mac } from "../values/index.ts";
import { AF } from "./family.ts";
import { IFF, ifinfo } from "./ifinfo.ts";
import { type LinkDataSet, type LinkKind, kinds } from "./kinds/index.ts";
import { type LinkAttrsSet, newlink } from "./link-message.ts";

export type AddrGenMode = "eui64" | "none" | "stable-privacy" | "random";

/** What an end of a link can be made with. */
interface LinkEnd {
  /** 1 to 15 bytes. */
  readonly name: string;
  /** The number it shall have in its namespace; the kernel chooses if absent. EBUSY if it is taken. */
  readonly index?: number;
  /** Descriptor of the namespace to make it in; the socket's own if absent. */
  readonly netnsFd?: number;
  /** Bytes. */
  readonly mtu?: number;
  readonly mac?: Mac;
  /** Packets. */
  readonly txQueueLen?: number;
  readonly numTxQueues?: number;
  readonly numRxQueues?: number;
  readonly group?: number;
}

/** The other end of a veth pair. */
export type VethPeer = LinkEnd;

interface LinkAddCommon extends LinkEnd {
  /** Index of a bridge or VRF. */
  readonly master?: number;
  readonly up?: boolean;
  /** Number, as seen from the socket's namespace, of the namespace in which `lower` is; the socket's own if absent. */
  readonly lowerNetnsId?: number;
}

/** The device below, by index in the socket's namespace: required where the kind cannot be without. */
type Lower<K extends LinkKind> = {
  link: { readonly lower: number };
  data: { readonly lower?: number };
  none: { readonly lower?: never };
}[(typeof kinds)[K]["lower"]];

/** Kinds that a link message can make: a tun is made by opening /dev/net/tun. */
export type NewLinkKind = Exclude<LinkKind, "tun">;

type KindData<K extends NewLinkKind> = K extends "veth"
  ? { readonly peer?: VethPeer; readonly data?: never }
  : { readonly data?: LinkDataSet<K>; readonly peer?: never };

/** A link to be made. */
export type LinkAdd = { readonly [K in NewLinkKind]: LinkAddOf<K> }[NewLinkKind];
/** A link of one kind to be made. */
export type LinkAddOf<K extends NewLinkKind> = { readonly kind: K } & LinkAddCommon & KindData<K> & Lower<K>;

/**
 * Makes a link; EEXIST if the name is taken.
 *
 * A veth's peer in another namespace cannot be brought up in the same message (ENOTCONN): make it down, set it up
 * later. IPv6 settings (IFLA_AF_SPEC) are refused
 * for a link that is not there yet, and an alias is ignored: give them with `setLink`.
 * RTM_NEWLINK of linux/rtnetlink.h.
 */
export function addLink(spec: LinkAdd): Request {
  const { kind, lower } = spec;
  const place = kinds[kind].lower;
  const attrs: LinkAttrsSet = {
    ...endAttrs(spec),
    master: spec.master,
    link: place === "link" ? lower : undefined,
    linkNetnsId: spec.lowerNetnsId,
    linkInfo: { kind, data: dataOf(spec, place === "data" ? lower : undefined) },
  };
  const up = spec.up === undefined ? {} : { flags: spec.up ? IFF.UP : 0, change: IFF.UP };
  const header = ifinfo({ family: AF.UNSPEC, index: spec.index ?? 0, ...up });
  return request(newlink, NLM_F.CREATE | NLM_F.EXCL, header, attrs, `add ${kind} link ${spec.name}`);
}

function dataOf(spec: LinkAdd, link: number | undefined): LinkDataSet<LinkKind> | undefined {
  if (spec.kind === "veth") {
    return spec.peer === undefined
      ? undefined
      : { peer: { header: ifinfo({ index: spec.peer.index ?? 0 }), attrs: endAttrs(spec.peer) } };
  }
  return link === undefined ? spec.data : { ...spec.data, link };
}

function endAttrs(end: LinkEnd): LinkAttrsSet {
  return {
    name: end.name,
    mtu: end.mtu,
    address: end.mac,
    txQueueLen: end.txQueueLen,
    numTxQueues: end.numTxQueues,
    numRxQueues: end.numRxQueues,
    group: end.group,
    netnsFd: end.netnsFd,
  };
}
