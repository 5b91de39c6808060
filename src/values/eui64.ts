import { familyOf, ipFromBytes, ipToBytes } from "./ip.ts";
import type { Ip } from "./ip.ts";
import { macToBytes } from "./mac.ts";
import type { Mac } from "./mac.ts";
import { contains, prefixIp } from "./prefix.ts";
import type { Prefix } from "./prefix.ts";

// Not parsed: that would be done at the start of every program.
/** What IPv6 has on every link, RFC 4291 section 2.5.6. */
export const linkLocalPrefix = "fe80::/64" as Prefix;

const linkLocalUnicast = "fe80::/10" as Prefix;

/** Whether the address means something on its own link only: whoever sends to it has to say which. */
export function isLinkLocal(ip: Ip | Prefix): boolean {
  return contains(linkLocalUnicast, ip);
}

/**
 * The address that an interface gives itself in an IPv6 prefix of up to 64 bits: its MAC address with `ff:fe` in the middle and
 * the universal/local bit turned (RFC 4291 appendix A), as SLAAC does without privacy extensions. Throws a TypeError for an
 * IPv4 prefix.
 */
export function eui64Ip(prefix: Prefix, mac: Mac): Ip {
  const ip = prefixIp(prefix);
  if (familyOf(ip) !== 6) throw new TypeError(`${prefix} is IPv4, which makes no addresses of MAC addresses`);
  const [first = 0, ...rest] = macToBytes(mac);
  const host = [first ^ 0x02, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)];
  return ipFromBytes(Uint8Array.from([...ipToBytes(ip).subarray(0, 8), ...host]));
}
