import type { Op } from "../../change/index.ts";
import { NetlinkError, type Request } from "../../netlink/index.ts";
import {
  addAddr,
  addAltName,
  delAddr,
  delAltName,
  delLink,
  delRoute,
  getNsid,
  prependRoute,
  putRoute,
  setLink,
  setNsid,
} from "../../rtnl/index.ts";
import { SysError, errno } from "../../sys/index.ts";
import { familyOf } from "../../values/index.ts";
import { changed, linkAdd, linkChange, peerSet, present, routeSet } from "./encode.ts";
import { lateWide } from "./late.ts";
import type { Session, Sessions } from "./session.ts";

/** NETNSA_NSID_NOT_ASSIGNED of linux/net_namespace.h. */
const UNNUMBERED = -1;

/** Ops that are not netlink messages. */
export type DirectOp = Extract<Op, { readonly do: "netns.create" | "netns.delete" | "sysctl.set" | "flows.forget" }>;
/** Those about a switch, which is another conversation. */
export type SwitchOp = Extract<Op, { readonly do: `ovs.${string}` }>;
/** Those that are messages of rtnetlink. */
export type NetlinkOp = Exclude<
  Op,
  DirectOp | SwitchOp | { readonly do: `nft.${string}` | "neigh.forget" | "offload.set" }
>;

/** What an op asks of its own namespace now; asks of other namespaces are put into their `deferred`. */
export function requestsOf(
  op: NetlinkOp,
  at: number,
  sessions: Sessions,
  peerFd: (netns: string) => number,
): Request[] {
  const session = sessions.in(op.netns);
  switch (op.do) {
    case "link.add":
      return op.link.peer === undefined || op.peer === undefined
        ? linkAdd(session, op.link, lowerOf(op.link, session, sessions, peerFd))
        : addPair(session, { ...op.link, peer: op.link.peer }, op.peer, at, sessions, peerFd);
    case "link.set":
      return linkSet(session, op);
    case "link.delete": {
      // Gone meanwhile, with the namespace of its other end: already so.
      const index = session.tryIndexOf(op.name);
      if (index === undefined) return [];
      session.forget(op.name);
      const peer = op.was?.peer;
      if (peer !== undefined) sessions.held(peer.netns)?.forget(peer.name);
      return [delLink({ index })];
    }
    case "link.move": {
      const index = session.indexOf(op.name);
      const target = sessions.in(op.to.netns);
      // The kernel moves it before it finds that the name is taken, and leaves it there (do_setlink).
      if (target.tryIndexOf(op.to.name) !== undefined) {
        throw new SysError("netlink", 17, `move link ${op.name} to ${op.to.netns} as ${op.to.name}`);
      }
      session.forget(op.name);
      // It may get another number there; a session that numbers its links itself reads them again.
      target.forgetAll();
      return [setLink({ index }, { netnsFd: peerFd(op.to.netns), name: op.to.name })];
    }
    case "addr.add":
      return [addAddr(present({ index: session.indexOf(op.dev), ...op.addr, replace: op.replace }))];
    case "addr.delete":
      return [delAddr({ index: session.indexOf(op.dev), prefix: op.addr.prefix })];
    case "route.put":
      if (op.prepend === true) return [prependRoute(routeSet(session, op.route))];
      return [...replaced(session, op.was), putRoute(routeSet(session, op.route))];
    case "route.delete":
      return [delRoute(routeSet(session, op.route))];
    default:
      return lateWide().trafficRequests(op, session);
  }
}

type Pair = Extract<Op, { readonly do: "link.add" }>;

function addPair(
  session: Session,
  link: Pair["link"] & { readonly peer: NonNullable<Pair["link"]["peer"]> },
  peer: NonNullable<Pair["peer"]>,
  at: number,
  sessions: Sessions,
  peerFd: (netns: string) => number,
): Request[] {
  const other = sessions.in(link.peer.netns);
  const index = other.claim(peer.name);
  const fd = other === session ? undefined : peerFd(link.peer.netns);
  const requests = linkAdd(session, link, { peer: { link: peer, index, fd } });
  const follow = peerSet(other, peer, index);
  if (other === session) return [...requests, ...follow];
  other.deferred.push(...follow.map((request) => ({ request, op: at })));
  return requests;
}

/** The device below may be in another namespace, which links of this one name by a number. */
function lowerOf(
  { lowerNetns }: Pair["link"],
  session: Session,
  sessions: Sessions,
  peerFd: (netns: string) => number,
): NonNullable<Parameters<typeof linkAdd>[2]> {
  if (lowerNetns === undefined || lowerNetns === session.netns) return {};
  const fd = peerFd(lowerNetns);
  const ask = (): number => session.socket.ask(getNsid(fd)) ?? UNNUMBERED;
  if (ask() === UNNUMBERED) {
    const refusal = session.socket.batch([setNsid(fd)])[0];
    // Somebody else may have numbered it meanwhile.
    if (refusal !== undefined && refusal.errno !== errno("EEXIST")) {
      throw new NetlinkError(`number the namespace ${lowerNetns} in ${session.netns}`, refusal);
    }
  }
  return { lower: { session: sessions.in(lowerNetns), netnsId: ask() } };
}

function linkSet(session: Session, op: Extract<Op, { readonly do: "link.set" }>): Request[] {
  const index = session.indexOf(op.name);
  const { altNames, ...rest } = op.set;
  const had = new Set(op.was.altNames);
  const want = new Set(altNames);
  const change = linkChange(session, rest);
  return [
    ...changed({ index }, change),
    ...(altNames === undefined
      ? []
      : [...had].filter((name) => !want.has(name)).map((name) => delAltName({ index }, name))),
    ...(altNames ?? []).filter((name) => !had.has(name)).map((name) => addAltName({ index }, name)),
  ];
}

/** IPv6 puts a route beside the old one where the gateway differs: the old one goes first. */
function replaced(session: Session, was: Extract<Op, { readonly do: "route.put" }>["was"]): Request[] {
  return was !== undefined && familyOf(was.dst) === 6 ? [delRoute(routeSet(session, was))] : [];
}
