import { NLM_F, type Query, type Request, query, request } from "../netlink/index.ts";
import { type Ip, type Prefix, prefixIp, prefixLength } from "../values/index.ts";
import { type Addr, readAddr } from "./addr-fact.ts";
import { type AddrHeader, FOREVER, IFA_F, deladdr, getaddr, newaddr } from "./addr-message.ts";
import { familyNumber, familyOrBoth } from "./family.ts";
import type { Scope } from "./scope.ts";

/** An address to be given to a link. */
export interface AddrAdd {
  /** Of the link. */
  readonly index: number;
  /** The address and the length of its network; with `peer`, of the peer's. */
  readonly prefix: Prefix;
  /** The other end of a point-to-point link. */
  readonly peer?: Ip;
  /** None is set unless given. */
  readonly broadcast?: Ip;
  readonly label?: string;
  /** `universe` if absent. */
  readonly scope?: Scope;
  /** No duplicate address detection (IPv6): usable at once. */
  readonly noDad?: boolean;
  /** The kernel makes no route to the prefix. */
  readonly noPrefixRoute?: boolean;
  /** Metric of the prefix route. */
  readonly routePriority?: number;
  /** Seconds; for ever if absent. */
  readonly valid?: number;
  /** Seconds; for ever if absent. */
  readonly preferred?: number;
  /** Change it if it is there, instead of failing with EEXIST. */
  readonly replace?: boolean;
}

/** Gives a link an address. RTM_NEWADDR. */
export function addAddr(spec: AddrAdd): Request {
  const { index, prefix, valid, preferred } = spec;
  const flags = (spec.noDad === true ? IFA_F.noDad : 0) | (spec.noPrefixRoute === true ? IFA_F.noPrefixRoute : 0);
  const limited = valid !== undefined || preferred !== undefined;
  const values = {
    ...addresses(spec),
    broadcast: spec.broadcast,
    label: spec.label,
    flags: flags > 0xff ? flags : undefined,
    routePriority: spec.routePriority,
    cacheInfo: limited
      ? { preferred: preferred ?? valid ?? FOREVER, valid: valid ?? FOREVER, created: 0, updated: 0 }
      : undefined,
  };
  const header = { ...headerOf(spec), flags: flags > 0xff ? 0 : flags, scope: spec.scope ?? "universe" };
  const mode = spec.replace === true ? NLM_F.REPLACE : NLM_F.EXCL;
  return request(newaddr, NLM_F.CREATE | mode, header, values, `add address ${prefix} to link ${index}`);
}

/** Takes an address from a link; EADDRNOTAVAIL if it is not there. RTM_DELADDR. */
export function delAddr(spec: { readonly index: number; readonly prefix: Prefix; readonly peer?: Ip }): Request {
  const doing = `delete address ${spec.prefix} from link ${spec.index}`;
  return request(deladdr, 0, headerOf(spec), addresses(spec), doing);
}

type Key = Parameters<typeof delAddr>[0];

function headerOf({ index, prefix }: Key): AddrHeader {
  const family = familyNumber(prefix);
  return { family, prefixLength: prefixLength(prefix), flags: 0, scope: "universe", index };
}

function addresses({ prefix, peer }: Key) {
  const local = prefixIp(prefix);
  return { local, address: peer ?? local };
}

/** The addresses of all links or one. RTM_GETADDR, a dump. */
export function listAddrs(filter: { readonly family?: 4 | 6; readonly index?: number } = {}): Query<Addr> {
  const family = familyOrBoth(filter.family);
  const header: AddrHeader = { family, prefixLength: 0, flags: 0, scope: "universe", index: filter.index ?? 0 };
  return query(request(getaddr, 0, header, {}, "list addresses"), newaddr, readAddr);
}
