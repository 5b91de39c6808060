import { NLM_F, type Query, type Request, query, request } from "../netlink/index.ts";
import { fact } from "./_absent.ts";
import { type FilterAttrs, getfilter, newfilter } from "./filter-message.ts";
import { type QdiscHeader, tcmsgOf } from "./qdisc-message.ts";

/** `ffff:`, the handle of an ingress discipline. */
const INGRESS_HANDLE = 0xffff_0000;
/** TC_H_MIN_INGRESS of linux/pkt_sched.h: what filters an ingress or clsact discipline has for what comes in. */
const INGRESS_FILTERS = 0xffff_fff2;
/** ETH_P_ALL of linux/if_ether.h, in network order, and the first priority above it (`tcm_info`). */
const FIRST_OF_ALL = 0x0001_0300;
/** TC_U32_TERMINAL of linux/pkt_cls.h. */
const TERMINAL = 1;

/**
 * Sends all that comes in on a link out of another, `to` (by index); the link must have an ingress discipline. EEXIST if it
 * has such a filter. RTM_NEWTFILTER.
 */
export function addRedirect({ index, to }: { readonly index: number; readonly to: number }): Request {
  const header = tcmsgOf({ index, parent: INGRESS_HANDLE, info: FIRST_OF_ALL });
  const head = {
    flags: TERMINAL,
    offsetShift: 0,
    keys: 1,
    pad: 0,
    offsetMask: 0,
    offset: 0,
    offsetOff: 0,
    hashOff: 0,
  } as const;
  const parms = {
    index: 0,
    capab: 0,
    action: "stolen",
    refs: 0,
    binds: 0,
    does: "egressRedirect",
    ifindex: to,
  } as const;
  const options = {
    actions: [{ kind: "mirred", options: { parms } }],
    selector: { head: { ...head, hashMask: 0 }, keys: [{ mask: 0, value: 0, offset: 0, offsetMask: 0 }] },
  };
  const flags = NLM_F.CREATE | NLM_F.EXCL;
  return request(
    newfilter,
    flags,
    header,
    { kind: "u32", options },
    `redirect what comes in on link ${index} to ${to}`,
  );
}

/** A filter as the kernel reports it. */
export interface Filter {
  readonly index: number;
  readonly kind: string;
  /** Index of the link that everything is sent out of instead. */
  readonly redirect?: number;
}

/** The filters of what comes in on a link; none if it has no ingress discipline. RTM_GETTFILTER, a dump. */
export function listFilters(index: number): Query<Filter> {
  const header = tcmsgOf({ index, parent: INGRESS_FILTERS });
  return query(request(getfilter, 0, header, {}, `list the filters of link ${index}`), newfilter, readFilter);
}

/** A fact from a filter message; `undefined` for the hash tables that u32 keeps its filters in. */
export function readFilter(header: QdiscHeader, { kind, options }: FilterAttrs): Filter | undefined {
  if (kind === undefined || header.handle === 0) return undefined;
  if (options === undefined || options instanceof Uint8Array) return { index: header.index, kind };
  if (options.divisor !== undefined) return undefined;
  const catchesAll = options.selector?.keys.every(({ mask }) => mask === 0) ?? false;
  const [first] = options.actions ?? [];
  const parms = first?.options === undefined || first.options instanceof Uint8Array ? undefined : first.options.parms;
  return fact<Filter>({
    index: header.index,
    kind,
    redirect: catchesAll && parms?.does === "egressRedirect" ? parms.ifindex : undefined,
  });
}
