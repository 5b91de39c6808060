import { type NetlinkSocket, deleteAll } from "../../netlink/index.ts";
import { delNeigh, listNeighs } from "../../rtnl/index.ts";
import type { Ip } from "../../values/index.ts";

/** Forgets neighbours with these addresses on all links of a namespace, but for those that somebody put there. @throws {NetlinkError} */
export function forgetNeighs(socket: NetlinkSocket, ips: readonly Ip[]): void {
  const wanted = new Set(ips);
  const learnt = socket
    .dump(listNeighs())
    .filter(({ ip, state, proxy }) => wanted.has(ip) && !proxy && state !== "permanent" && state !== "noarp");
  deleteAll(socket, learnt.map(delNeigh));
}
