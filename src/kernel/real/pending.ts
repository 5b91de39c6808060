import { listAddrs, listLinks } from "../../rtnl/index.ts";
import type { Session } from "./session.ts";

/** RFC 2863 states of a device that takes packets; tunnels and loopback are `unknown` for ever. */
const WORKING = new Set<unknown>(["up", "unknown", "dormant"]);

/**
 * Is something in a namespace still coming up? A link has its carrier at once, but passes packets only when the kernel's link
 * watch has noticed it (net/core/link_watch.c, up to a second on a busy machine), and a link-local address is tentative until
 * then; packets sent before are lost without a word.
 */
export function isPending({ socket }: Session): boolean {
  const links = socket.dump(listLinks());
  if (links.some(({ up, carrier, operState }) => up && carrier && !WORKING.has(operState))) return true;
  // Only where the kernel makes addresses of its own can one be tentative: ours need no detection.
  const makers = new Set(
    links.flatMap(({ index, up, carrier, addrGenMode }) => (up && carrier && addrGenMode !== "none" ? [index] : [])),
  );
  if (makers.size <= 1) return false;
  return socket
    .dump(listAddrs({ family: 6 }))
    .some(({ index, flags }) => makers.has(index) && flags.includes("tentative") && !flags.includes("dadFailed"));
}
