import { type AddrFact, type LinkFact, ownerOfAlias } from "../../change/index.ts";
import { type Addr, IFF, type Link, getLink, getLinkAlias, kinds, listAddrs } from "../../rtnl/index.ts";
import { NetlinkError } from "../../netlink/index.ts";
import { E } from "../../sys/index.ts";
import { type IfName, parseIfName } from "../../values/index.ts";
import { present } from "./encode.ts";
import { LOOPBACK_INDEX, type Session } from "./session.ts";

/** The tag on a namespace's loopback device. */
export function readOwner(session: Session): string | undefined {
  return ownerOfAlias(session.socket.ask(getLinkAlias(LOOPBACK_INDEX)) ?? "");
}

/** One link with its addresses, by name, without reading the others. */
export function readLink({ socket }: Session, name: string, withAddrs = true): LinkFact | undefined {
  const link = socket.ask(getLink({ name }));
  if (link === undefined) return undefined;
  const addrs = withAddrs ? unlessGone(() => socket.dump(listAddrs({ index: link.index }))) : [];
  if (addrs === undefined) return undefined;
  const nameOf = (index: number | undefined): IfName | undefined => {
    const other = index === undefined || index === 0 ? undefined : socket.nameOf(index);
    return other === undefined ? undefined : parseIfName(other);
  };
  return linkFact(link, nameOf, addrs);
}

/** What `read` tells of a link; `undefined` where that has gone since it was found, as with its namespace. @throws {NetlinkError} */
export function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof NetlinkError && error.refusal?.errno === E.ENODEV) return undefined;
    throw error;
  }
}

/** A link as a fact; `qdisc` is its root discipline where that was asked for. */
export function linkFact(
  link: Link,
  nameOf: (index: number | undefined) => IfName | undefined,
  addrs: readonly Addr[],
  qdisc?: LinkFact["qdisc"],
): LinkFact {
  const kind = link.kind === "other" ? link.otherKind : link.kind;
  const isVeth = link.kind === "veth";
  const isElsewhere = link.netnsId !== undefined;
  return present<LinkFact>({
    name: parseIfName(link.name),
    kind,
    data: link.kind === undefined || link.kind === "other" ? undefined : link.data,
    lower: isVeth || isElsewhere ? undefined : nameOf(lowerOf(link)),
    lowerIndex: isVeth || !isElsewhere ? undefined : lowerOf(link),
    port: link.port,
    up: link.up,
    carrier: link.carrier,
    operState: String(link.operState),
    mtu: link.mtu,
    index: link.index,
    peerIndex: isVeth ? link.lower : undefined,
    mac: link.mac,
    master: nameOf(link.master),
    alias: link.alias,
    altNames: link.altNames,
    addrGenMode: typeof link.addrGenMode === "number" ? undefined : link.addrGenMode,
    // By wish; a bridge makes its ports promiscuous of itself.
    promisc: (link.flags & IFF.PROMISC) !== 0 ? true : undefined,
    allmulti: (link.flags & IFF.ALLMULTI) !== 0 ? true : undefined,
    txQueueLen: link.txQueueLen,
    addrs: addrs.map(addrFact),
    qdisc,
  });
}

function lowerOf(link: Link): number | undefined {
  if (link.kind === undefined || link.kind === "other") return link.lower;
  if (kinds[link.kind].lower !== "data") return link.lower;
  return "link" in link.data ? (link.data.link as number | undefined) : undefined;
}

function addrFact({ prefix, scope, flags, protocol, broadcast }: Addr): AddrFact {
  const kernelMade = protocol === "kernel-lo" || protocol === "kernel-ll" || protocol === "kernel-ra";
  return {
    prefix,
    scope: scope === "universe" || typeof scope === "number" || scope === "nowhere" ? "global" : scope,
    fromKernel: kernelMade || scope === "host" || (scope === "link" && protocol === undefined),
    noDad: flags.includes("noDad"),
    ...(broadcast !== undefined && { broadcast }),
    ...(flags.includes("noPrefixRoute") ? { noPrefixRoute: true } : {}),
    ...(flags.includes("tentative") ? { tentative: true } : {}),
    ...(flags.includes("dadFailed") ? { dadFailed: true } : {}),
  };
}
