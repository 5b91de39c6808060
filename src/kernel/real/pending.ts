import { type LinkState, listAddrs, listLinkStates } from "../../rtnl/index.ts";
import type { Session } from "./session.ts";

/**
 * Is something in a namespace still coming up? A link has its carrier at once, but passes packets only when the kernel's link
 * watch has noticed it (net/core/link_watch.c, up to a second on a busy machine), and a link-local address is made by that and
 * tentative at first; packets sent before are lost without a word.
 */
export function isPending({ socket }: Session): boolean {
  const links = socket.dump(listLinkStates());
  if (areComingUp(links)) return true;
  // Only where the kernel makes addresses of its own can one be tentative: ours need no detection.
  const makers = new Set(
    links.flatMap(({ index, up, carrier, addrGenMode }) => (up && carrier && addrGenMode !== "none" ? [index] : [])),
  );
  if (makers.size <= 1) return false;
  return socket
    .dump(listAddrs({ family: 6 }))
    .some(({ index, flags }) => makers.has(index) && flags.includes("tentative") && !flags.includes("dadFailed"));
}

/** Has the link watch still to notice what became of one of these links of a namespace? */
export function areComingUp(links: readonly LinkState[]): boolean {
  // A bridge has a carrier as soon as one of its ports forwards; a dump that the link watch comes between has one without the other.
  const fed = new Set(
    links.flatMap(({ carrier, master, port }) => (carrier && port?.state === "forwarding" ? [master] : [])),
  );
  return links.some((link) => link.up && (link.carrier ? !isNoticed(link) : fed.has(link.index)));
}

/**
 * A device whose carrier never changed has none to notice: loopback, tunnels, a bridge without ports are `unknown` for ever
 * (RFC 2863), and work. On another one `unknown` means that it was not looked at since it was made.
 */
function isNoticed({ operState, carrierChanges }: LinkState): boolean {
  return operState === "up" || operState === "dormant" || (operState === "unknown" && carrierChanges === 0);
}
