import { type Mac, macFromBytes } from "../values/index.ts";

/**
 * A new address, locally administered (IEEE 802 section 8.2), as the kernel would choose it. Chosen by us it counts as set, so
 * that udev leaves it alone, and is known before the link is made. Not derived from the attachment: container names repeat from
 * host to host, and two hosts may share a segment.
 */
export function randomMac(): Mac {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  bytes[0] = ((bytes[0] ?? 0) & 0xfc) | 0x02;
  return macFromBytes(bytes);
}
