import type { NetlinkSocket } from "../../netlink/index.ts";
import { NetlinkError } from "../../netlink/index.ts";
import { delNeigh, listNeighs } from "../../rtnl/index.ts";
import { errno } from "../../sys/index.ts";
import type { Ip } from "../../values/index.ts";

const ENOENT = errno("ENOENT");

/** Forgets neighbours with these addresses on all links of a namespace, but for those that somebody put there. */
export function forgetNeighs(socket: NetlinkSocket, ips: readonly Ip[]): void {
  const wanted = new Set(ips);
  const learnt = socket
    .dump(listNeighs())
    .filter(({ ip, state, proxy }) => wanted.has(ip) && !proxy && state !== "permanent" && state !== "noarp");
  const refusals = socket.batch(learnt.map(delNeigh));
  for (const [at, refusal] of refusals.entries()) {
    // It may have been forgotten meanwhile.
    if (refusal === undefined || refusal.errno === ENOENT) continue;
    throw new NetlinkError(`delete neighbour ${learnt[at]?.ip}`, refusal);
  }
}
