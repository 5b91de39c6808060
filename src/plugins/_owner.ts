import { MOST_OWNER, ownerPart } from "../nft/index.ts";

/** What an attachment is known by. */
export interface Identity {
  readonly network: string;
  readonly containerId: string;
  readonly ifname: string;
}

const MOST_IFNAME = 15;
/** A hash in hexadecimal digits, as runtimes name their containers. */
const MOST_CONTAINER = 64;
const MOST_NETWORK = MOST_OWNER - MOST_IFNAME - MOST_CONTAINER - 2;

/**
 * The owner of an attachment's rules: `<network>/<ifname>/<container>`. It is part of names and comments, so that what
 * belongs to an attachment is found without knowing its addresses. Its parts are shortened, with a hash, where they do not fit.
 */
export function ownerOf({ network, containerId, ifname }: Identity): string {
  return `${networkPrefix(network)}${ownerPart(ifname, MOST_IFNAME)}/${ownerPart(containerId, MOST_CONTAINER)}`;
}

/** How the owners of a network begin. */
export function networkPrefix(network: string): string {
  return `${ownerPart(network, MOST_NETWORK)}/`;
}
