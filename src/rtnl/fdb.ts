import { NLM_F, type Query, type Request, query, request } from "../netlink/index.ts";
import type { Ip, Mac } from "../values/index.ts";
import { fact } from "./_absent.ts";
import { asMac } from "./_address.ts";
import { AF } from "./family.ts";
import { NTF, NUD, type NeighAttrs, type NeighHeader, delneigh, getneigh, ndmsgOf, newneigh } from "./neigh-message.ts";

/** How a forwarding entry lives: local to the port, fixed, or ageing. `bridge fdb`'s words. */
export type FdbLife = "permanent" | "static" | "dynamic";

/** As bridge(8) has them: a vxlan wants PERMANENT or REACHABLE in each (vxlan_fdb_add of vxlan_core.c). */
const stateOf = {
  permanent: NUD.noarp | NUD.permanent,
  static: NUD.noarp | NUD.reachable,
  dynamic: NUD.reachable,
} as const satisfies Record<FdbLife, number>;

/** What names a forwarding entry. */
export interface FdbKey {
  /** Of the port, or of the vxlan device. */
  readonly index: number;
  /** All zeros is a vxlan's default destination. */
  readonly mac: Mac;
  /** Remote tunnel end (vxlan). */
  readonly dst?: Ip;
  readonly vlan?: number;
  /** Remote VNI, where it is not the device's. */
  readonly vni?: number;
  /** VNI of the entry itself on a device with `collectMetadata`. */
  readonly srcVni?: number;
  /** UDP port of the remote end. */
  readonly port?: number;
  /** Index of the link to the remote end. */
  readonly viaIndex?: number;
  /** Whose table: the device's own (`self`, the default), or that of the bridge it is a port of. */
  readonly table?: "self" | "master";
}

/** A forwarding entry to be put. */
export interface FdbPut extends FdbKey {
  /** `permanent` if absent. */
  readonly life?: FdbLife;
  /** Never moves to another port. */
  readonly sticky?: boolean;
  /** A control plane maintains it. */
  readonly externLearned?: boolean;
  /**
   * Adds one more destination for the same address instead of replacing the one there: the only way for multicast
   * and all-zeros addresses of a vxlan, whose entries the kernel does not replace (EOPNOTSUPP).
   */
  readonly append?: boolean;
}

/** Puts a forwarding entry. RTM_NEWNEIGH of AF_BRIDGE. */
export function putFdb(spec: FdbPut): Request {
  const flags =
    whose(spec) | (spec.sticky === true ? NTF.STICKY : 0) | (spec.externLearned === true ? NTF.EXT_LEARNED : 0);
  const header = ndmsgOf({ family: AF.BRIDGE, index: spec.index, state: stateOf[spec.life ?? "permanent"], flags });
  const mode = spec.append === true ? NLM_F.APPEND : NLM_F.REPLACE;
  return request(newneigh, NLM_F.CREATE | mode, header, attrsOf(spec), `put forwarding entry ${show(spec)}`);
}

/** Deletes a forwarding entry; ENOENT if it is not there. RTM_DELNEIGH of AF_BRIDGE. */
export function delFdb(key: FdbKey): Request {
  // As bridge(8) does, although the kernel does not look at the state here.
  const header = ndmsgOf({ family: AF.BRIDGE, index: key.index, state: stateOf.permanent, flags: whose(key) });
  return request(delneigh, 0, header, attrsOf(key), `delete forwarding entry ${show(key)}`);
}

/** The entries of one device (`index`), of all ports of a bridge (`brIndex`), or all. RTM_GETNEIGH of AF_BRIDGE. */
export function listFdb(filter: { readonly index?: number; readonly brIndex?: number } = {}): Query<Fdb> {
  const header = ndmsgOf({ family: AF.BRIDGE, index: filter.index ?? 0 });
  const attrs = { master: filter.brIndex };
  return query(request(getneigh, 0, header, attrs, "list forwarding entries"), newneigh, readFdb);
}

/** A forwarding entry as the kernel reports it. */
export interface Fdb extends FdbKey {
  readonly table: "self" | "master";
  readonly life: FdbLife;
  /** The bridge whose table it is in. */
  readonly brIndex?: number;
  readonly sticky: boolean;
  readonly externLearned: boolean;
  readonly nhId?: number;
}

/** A fact from a forwarding message; `undefined` for other neighbours. */
export function readFdb(header: NeighHeader, attrs: NeighAttrs): Fdb | undefined {
  const mac = asMac(attrs.lladdr);
  if (header.family !== AF.BRIDGE || mac === undefined) return undefined;
  return fact<Fdb>({
    index: header.index,
    mac,
    dst: attrs.dst,
    vlan: attrs.vlan,
    vni: attrs.vni,
    srcVni: attrs.srcVni,
    port: attrs.port,
    viaIndex: attrs.via,
    table: (header.flags & NTF.SELF) === 0 ? "master" : "self",
    life: lifeOf(header.state),
    brIndex: attrs.master,
    sticky: (header.flags & NTF.STICKY) !== 0,
    externLearned: (header.flags & NTF.EXT_LEARNED) !== 0,
    nhId: attrs.nhId,
  });
}

function lifeOf(state: number): FdbLife {
  if ((state & NUD.permanent) !== 0) return "permanent";
  return (state & NUD.noarp) !== 0 ? "static" : "dynamic";
}

function whose({ table = "self" }: FdbKey): number {
  return table === "self" ? NTF.SELF : NTF.MASTER;
}

function attrsOf({ mac, dst, vlan, vni, srcVni, port, viaIndex }: FdbKey) {
  return { lladdr: mac, dst, vlan, port, vni, srcVni, via: viaIndex };
}

function show({ mac, dst, index }: FdbKey): string {
  return `${mac}${dst === undefined ? "" : ` to ${dst}`} on link ${index}`;
}
