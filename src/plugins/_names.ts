/** How what an attachment leaves on the host is called, so that DEL and GC find it without asking anything else. */
import { type IfName, parseIfName } from "../values/index.ts";
import type { Identity } from "./_owner.ts";

/** Hexadecimal digits of a host name's hash: with `veth` they fill the 15 bytes of an interface name. */
const HASH_DIGITS = 11;

/**
 * The name of a veth's end on the host: always the same for an attachment, so that DEL finds it without CNI_NETNS, and a second
 * ADD is refused by the kernel. Two of a million attachments share one with a probability of 3 %, two of a thousand with 3e-8.
 */
export function hostNameOf(identity: Identity): IfName {
  return parseIfName(`veth${hash(textOf(identity)).slice(0, HASH_DIGITS)}`);
}

const utf8 = new TextEncoder();
const PREFIX = "cni:";
/** `IFALIASZ` of linux/if.h without the closing NUL. */
const ALIAS_BYTES = 255;

/** The alias of a link on the host that belongs to an attachment: `cni:NETWORK/CONTAINER/IFNAME`, or hashes where that is too long. */
export function aliasOf(identity: Identity): string {
  const alias = `${PREFIX}${textOf(identity)}`;
  if (utf8.encode(alias).length <= ALIAS_BYTES) return alias;
  return `${hashedNetwork(identity.network)}${hash(textOf(identity))}`;
}

/** Whether an alias is of an attachment to this network. */
export function isAliasIn(network: string, alias: string): boolean {
  return alias.startsWith(`${PREFIX}${network}/`) || alias.startsWith(hashedNetwork(network));
}

function hashedNetwork(network: string): string {
  return `${PREFIX}#${hash(network)}/`;
}

/** CNI's identifiers have no slash. */
function textOf({ network, containerId, ifname }: Identity): string {
  return `${network}/${containerId}/${ifname}`;
}

/** XXH64, in 16 digits. It must never change: names on people's machines derive from it. */
function hash(text: string): string {
  return Bun.hash.xxHash64(text).toString(16).padStart(16, "0");
}
