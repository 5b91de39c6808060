import { ownerOfAlias, ownerTag } from "../change/index.ts";

/** The tag on every pod and link that commands make on a node. A lab's name has no dot, so it is no lab's tag. */
export const OWNER: string = ownerTag("host.pods");

/**
 * Who made a route, for those of the node that no link of ours takes with it: no program is known by this number
 * (/etc/iproute2/rt_protos). `ip route show proto 78` shows them.
 */
export const ROUTE_OWNER = 78;

/** Whether a link's alias, or that of a namespace's loopback, says that it is ours. */
export function isOurs(alias: string | undefined): boolean {
  return alias !== undefined && ownerOfAlias(alias) === OWNER;
}
