import { NLM_F, type Query, type Request, query, request } from "../netlink/index.ts";
import { type GetOf, type SetOf } from "../wire/index.ts";
import type { fqCodel } from "./qdiscs/fq-codel.ts";
import { type HtbClassSet, type HtbSet, type htb, htbClassOptions, htbOptions } from "./qdiscs/htb.ts";
import { type NetemSet, type netem, netemOptions, readNetem } from "./qdiscs/netem.ts";
import { type TbfSet, readTbf, type tbf, tbfOptions } from "./qdiscs/tbf.ts";
import {
  type QdiscAttrs,
  type QdiscAttrsSet,
  type QdiscHeader,
  delqdisc,
  getqdisc,
  newqdisc,
  newtclass,
  tcmsgOf,
} from "./qdisc-message.ts";

/** TC_H_ROOT and TC_H_INGRESS of linux/pkt_sched.h. */
const ROOT = 0xffff_ffff;
const INGRESS = 0xffff_fff1;
/** The only handle an ingress discipline can have, `ffff:`. */
const INGRESS_HANDLE = 0xffff_0000;

/** A handle: `1:10` is `handle(1, 0x10)`. */
export function handle(major: number, minor = 0): number {
  return ((major << 16) | minor) >>> 0;
}

/** What a queueing discipline does. */
export type QdiscOptions =
  | ({ readonly kind: "tbf" } & TbfSet)
  | ({ readonly kind: "netem" } & NetemSet)
  | ({ readonly kind: "htb" } & HtbSet)
  | ({ readonly kind: "fq_codel" } & SetOf<typeof fqCodel>)
  | { readonly kind: "ingress" };

/** Where a queueing discipline is. */
export interface QdiscPlace {
  /** Of the link. */
  readonly index: number;
  /** Handle of the discipline or class above; the root if absent. */
  readonly parent?: number;
  /** Its own; chosen by the kernel if absent. */
  readonly handle?: number;
}

export type QdiscPut = QdiscPlace & QdiscOptions;

/** Puts a queueing discipline, in the place of the one there. RTM_NEWQDISC. */
export function putQdisc(spec: QdiscPut): Request {
  const header = headerOf(spec, spec.kind === "ingress");
  const attrs = { kind: spec.kind, options: optionsOf(spec) };
  const flags = NLM_F.CREATE | NLM_F.REPLACE;
  return request(newqdisc, flags, header, attrs, `put qdisc ${spec.kind} on link ${spec.index}`);
}

/** Adds a queueing discipline; EEXIST if somebody put one there. RTM_NEWQDISC. */
export function addQdisc(spec: QdiscPut): Request {
  return { ...putQdisc(spec), flags: NLM_F.CREATE | NLM_F.EXCL, doing: `add qdisc ${spec.kind} on link ${spec.index}` };
}

/** Deletes a queueing discipline, the root one or the one at `parent`; ENOENT if there is none. RTM_DELQDISC. */
export function delQdisc(place: QdiscPlace & { readonly kind?: "ingress" }): Request {
  const header = headerOf(place, place.kind === "ingress");
  return request(delqdisc, 0, header, {}, `delete qdisc of link ${place.index}`);
}

/** A class of an htb: `handle` is its own, `parent` the discipline's or another class's. */
export type HtbClassPut = Required<QdiscPlace> & HtbClassSet;

/** Puts a class into an htb discipline. RTM_NEWTCLASS. */
export function putHtbClass(spec: HtbClassPut): Request {
  const attrs: QdiscAttrsSet = { kind: "htb", options: htbClassOptions(spec) };
  return request(newtclass, NLM_F.CREATE, headerOf(spec, false), attrs, `put htb class on link ${spec.index}`);
}

/** The root discipline of one link, if it has one that can be told. RTM_GETQDISC. */
export function rootQdisc(index: number): Query<Qdisc> {
  // Older kernels answer by a notification only, which NLM_F_ECHO sends to the asker too.
  const asked = request(getqdisc, NLM_F.ECHO, headerOf({ index }, false), {}, `get the root qdisc of link ${index}`);
  return query(asked, newqdisc, readQdisc);
}

/** The disciplines of all links or one. RTM_GETQDISC, a dump, which the kernel does not filter. */
export function listQdiscs({ index }: { readonly index?: number } = {}): Query<Qdisc> {
  return query(
    request(getqdisc, 0, tcmsgOf({}), {}, "list qdiscs"),
    newqdisc,
    (header: QdiscHeader, attrs: QdiscAttrs) =>
      index === undefined || header.index === index ? readQdisc(header, attrs) : undefined,
  );
}

/** A queueing discipline as the kernel reports it. */
export type Qdisc = {
  readonly index: number;
  readonly handle: number;
  /** Absent for the root and for ingress. */
  readonly parent?: number;
} & (QdiscOptions | { readonly kind: "other"; readonly otherKind: string });

/** A fact from a qdisc message. */
export function readQdisc(header: QdiscHeader, attrs: QdiscAttrs): Qdisc | undefined {
  if (attrs.kind === undefined) return undefined;
  const { index, handle: own, parent } = header;
  const place = parent === ROOT || parent === INGRESS ? { index, handle: own } : { index, handle: own, parent };
  return { ...place, ...readOptions(attrs.kind, attrs.options) };
}

function readOptions(
  kind: string,
  options: QdiscAttrs["options"],
): QdiscOptions | { kind: "other"; otherKind: string } {
  if (kind === "ingress") return { kind };
  const other = { kind: "other", otherKind: kind } as const;
  if (options === undefined || options instanceof Uint8Array) return other;
  // The table was chosen by the kind, so the options are of that kind.
  if (kind === "netem") return { kind, ...readNetem(options as GetOf<typeof netem>) };
  if (kind === "fq_codel") return { kind, ...(options as GetOf<typeof fqCodel>) };
  if (kind === "htb") return { kind, defaultClass: (options as GetOf<typeof htb>).init?.defaultClass ?? 0 };
  const bucket = readTbf(options as GetOf<typeof tbf>);
  return bucket === undefined ? other : { kind: "tbf", ...bucket };
}

function headerOf(place: QdiscPlace, ingress: boolean): QdiscHeader {
  const { index, parent = ingress ? INGRESS : ROOT } = place;
  return tcmsgOf({ index, parent, handle: place.handle ?? (ingress ? INGRESS_HANDLE : 0) });
}

function optionsOf(spec: QdiscOptions): QdiscAttrsSet["options"] {
  switch (spec.kind) {
    case "tbf":
      return tbfOptions(spec);
    case "netem":
      return netemOptions(spec);
    case "htb":
      return htbOptions(spec);
    case "fq_codel": {
      const { target, limit, interval, ecn, flows, quantum, ceThreshold, memoryLimit } = spec;
      return { limit, flows, quantum, ecn, target, interval, ceThreshold, memoryLimit };
    }
    case "ingress":
      return undefined;
    default:
      return spec satisfies never;
  }
}
