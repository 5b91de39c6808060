import { NLM_F, type Query, type Request, query, request } from "../netlink/index.ts";
import type { Ip, Mac } from "../values/index.ts";
import { fact } from "./_absent.ts";
import { asMac } from "./_address.ts";
import { AF, familyNumber, familyOrBoth } from "./family.ts";
import {
  NTF,
  NUD,
  type NeighAttrs,
  type NeighHeader,
  type NeighState,
  delneigh,
  getneigh,
  ndmsgOf,
  newneigh,
} from "./neigh-message.ts";

/** A neighbour to be put: who answers for `ip` on the link `index`. */
export interface NeighPut {
  readonly index: number;
  readonly ip: Ip;
  /** Absent for proxy entries. */
  readonly mac?: Mac;
  /** `permanent` if absent. */
  readonly state?: NeighState;
  /** It is an IPv6 router. */
  readonly router?: boolean;
  /** This machine answers for it. */
  readonly proxy?: boolean;
  /** A control plane maintains it: not aged. */
  readonly externLearned?: boolean;
}

/** Puts a neighbour, in the place of what was known of it. RTM_NEWNEIGH. */
export function putNeigh(spec: NeighPut): Request {
  const { index, ip, mac } = spec;
  const flags =
    (spec.router === true ? NTF.ROUTER : 0) |
    (spec.proxy === true ? NTF.PROXY : 0) |
    (spec.externLearned === true ? NTF.EXT_LEARNED : 0);
  const header = ndmsgOf({ family: familyNumber(ip), index, state: NUD[spec.state ?? "permanent"], flags });
  const doing = `put neighbour ${ip} on link ${index}`;
  return request(newneigh, NLM_F.CREATE | NLM_F.REPLACE, header, { dst: ip, lladdr: mac }, doing);
}

/** Forgets a neighbour; ENOENT if it is not known. RTM_DELNEIGH. */
export function delNeigh({
  index,
  ip,
  proxy,
}: {
  readonly index: number;
  readonly ip: Ip;
  readonly proxy?: boolean;
}): Request {
  // The state is ip's; the kernel does not look at it here.
  const flags = proxy === true ? NTF.PROXY : 0;
  const header = ndmsgOf({ family: familyNumber(ip), index, state: NUD.permanent, flags });
  return request(delneigh, 0, header, { dst: ip }, `delete neighbour ${ip} from link ${index}`);
}

/** Which neighbours to list; proxy entries are a list of their own. */
export interface NeighFilter {
  readonly family?: 4 | 6;
  /** Of a link. */
  readonly index?: number;
  readonly proxy?: boolean;
}

/** The neighbours, filtered by the kernel. RTM_GETNEIGH, a dump. */
export function listNeighs({ family, index, proxy = false }: NeighFilter = {}): Query<Neigh> {
  const header = ndmsgOf({
    family: familyOrBoth(family),
    flags: proxy ? NTF.PROXY : 0,
  });
  return query(request(getneigh, 0, header, { via: index }, "list neighbours"), newneigh, readNeigh);
}

/** A neighbour as the kernel reports it. */
export interface Neigh {
  readonly index: number;
  readonly ip: Ip;
  readonly mac?: Mac;
  readonly state: NeighState;
  readonly router: boolean;
  readonly proxy: boolean;
  readonly externLearned: boolean;
}

/** A fact from a neighbour message; `undefined` for a bridge's forwarding entries. */
export function readNeigh(header: NeighHeader, attrs: NeighAttrs): Neigh | undefined {
  if ((header.family !== AF.INET && header.family !== AF.INET6) || attrs.dst === undefined) return undefined;
  return fact<Neigh>({
    index: header.index,
    ip: attrs.dst,
    mac: asMac(attrs.lladdr),
    state: stateOf(header.state),
    router: (header.flags & NTF.ROUTER) !== 0,
    proxy: (header.flags & NTF.PROXY) !== 0,
    externLearned: (header.flags & NTF.EXT_LEARNED) !== 0,
  });
}

function stateOf(bits: number): NeighState {
  const names = Object.keys(NUD) as NeighState[];
  return names.find((name) => NUD[name] === bits) ?? "none";
}
