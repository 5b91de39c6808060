import type { NetlinkSocket } from "../netlink/index.ts";
import { type Neigh, delNeigh, listNeighs } from "../rtnl/index.ts";
import { neighTables } from "./neigh-table.ts";

/**
 * Entries that one probe may add to a table: on a link one at each end and, in IPv6, the group that is asked; as many
 * again at a router between.
 */
const PER_PROBE = 6;
/** Left to the rest of the machine. */
const RESERVE = 64;
/** Room for fewer probes than this is not worth going on with. */
const WORTHWHILE = 16;

/** For how many more probes there is room in both tables; negative when there is none left. */
export function roomFor(socket: NetlinkSocket): number {
  const free = neighTables(socket).map(({ entries, limit }) => limit - entries - RESERVE);
  return Math.floor(Math.min(...free) / PER_PROBE) - WORTHWHILE;
}

/** Whether the kernel made the entry by itself and would make it again. */
export function isCached({ state, externLearned, ip }: Neigh): boolean {
  if (externLearned || state === "permanent") return false;
  // Without address resolution: set by somebody, but for groups, whose link address follows from their own.
  if (state === "noarp") return isGroup(ip);
  return true;
}

function isGroup(ip: string): boolean {
  // RFC 4291 §2.7, RFC 1112 §4.
  return ip.startsWith("ff") || /^2(2[4-9]|3\d)\./.test(ip);
}

/**
 * Forgets what the kernel learnt about neighbours in one namespace. Entries that somebody put there stay, and so do
 * unresolved ones (packets wait in them) unless `unresolved` is asked for. Returns how many were deleted.
 */
export function forgetNeighbours(socket: NetlinkSocket, unresolved: boolean): number {
  const cached = socket
    .dump(listNeighs())
    .filter((neigh) => isCached(neigh) && (unresolved || neigh.state !== "incomplete"));
  const refusals = socket.batch(cached.map(({ index, ip }) => delNeigh({ index, ip })));
  return refusals.filter((refusal) => refusal === undefined).length;
}
