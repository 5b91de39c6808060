import { type Addr, type LinkState, listAddrs, listLinkStates, lookupRoute } from "../../rtnl/index.ts";
import { type Ip, prefixIp } from "../../values/index.ts";
import type { Session } from "./session.ts";

/**
 * Is something in a namespace still coming up? A link has its carrier at once, but passes packets only when the kernel's link
 * watch has noticed it (net/core/link_watch.c, up to a second on a busy machine), and a link-local address is made by that and
 * tentative at first; packets sent before are lost without a word.
 */
export function isPending({ socket }: Session): boolean {
  return areComingUp(socket.dump(listLinkStates()), () => socket.dump(listAddrs()));
}

/**
 * Has the link watch still to notice what became of one of these links of a namespace? `readAddrs` reads its addresses; it is
 * called only where they matter.
 */
export function areComingUp(
  links: readonly LinkState[],
  readAddrs: () => readonly Pick<Addr, "index" | "scope" | "flags">[],
): boolean {
  // A bridge has a carrier as soon as one of its ports forwards; a dump that the link watch comes between has one without the other.
  const fed = new Set(
    links.flatMap(({ carrier, master, port }) => (carrier && port?.state === "forwarding" ? [master] : [])),
  );
  const isSwitch = ({ index }: LinkState): boolean => fed.has(index);
  if (links.some((link) => link.up && (link.carrier ? isWaiting(link, isSwitch(link)) : isSwitch(link)))) return true;
  // Only an address that the kernel makes can be tentative: ours need no detection. Loopback is always there.
  const addressed = links.filter(
    (link) => link.up && link.carrier && (link.addrGenMode !== "none" || (isUnseen(link) && isSwitch(link))),
  );
  if (addressed.length <= 1) return false;
  const addrs = Map.groupBy(readAddrs(), ({ index }) => index);
  return addressed.some((link) => {
    const own = addrs.get(link.index) ?? [];
    // A bridge passes frames on before it takes any itself. When it does, seen or not, the kernel makes a link-local address.
    const ready = link.addrGenMode === "none" ? own.length === 0 : own.some(({ scope }) => scope === "link");
    if (isUnseen(link) && !ready) return true;
    return own.some(({ flags }) => flags.includes("tentative") && !flags.includes("dadFailed"));
  });
}

/** By its state (RFC 2863) it does not take packets; of an unseen one addresses tell more, where there are any. */
function isWaiting(link: LinkState, isSwitch: boolean): boolean {
  if (isUnseen(link)) return link.addrGenMode === "none" && !isSwitch;
  return link.operState !== "up" && link.operState !== "dormant" && link.operState !== "unknown";
}

/**
 * The link watch has not looked at it since it was made. A device whose carrier never changed has none to look at: loopback,
 * tunnels, a bridge without ports are `unknown` for ever, and work.
 */
function isUnseen({ operState, carrierChanges }: LinkState): boolean {
  return operState === "unknown" && carrierChanges > 0;
}

/**
 * Is one of these IPv6 addresses of a namespace still without its route in the local table? Also without duplicate address
 * detection the kernel makes that, and joins the group in which neighbours ask, some time after the address was added
 * (`addrconf_dad_work` of net/ipv6/addrconf.c). What has arrived, or is not there any more, is taken out of the set.
 */
export function areArriving({ socket }: Session, ips: Set<Ip>): boolean {
  for (const dst of ips) {
    const answer = socket.answer(lookupRoute({ dst }));
    if ("fact" in answer && answer.fact.type === "local") ips.delete(dst);
  }
  if (ips.size === 0) return false;
  const working = new Set(
    socket.dump(listLinkStates()).flatMap(({ index, up, carrier }) => (up && carrier ? [index] : [])),
  );
  const there = new Set(
    socket
      .dump(listAddrs({ family: 6 }))
      .flatMap(({ index, prefix }) => (working.has(index) ? [prefixIp(prefix)] : [])),
  );
  for (const ip of ips) if (!there.has(ip)) ips.delete(ip);
  return ips.size > 0;
}
