import { type Mac, macFromBytes } from "../values/index.ts";

/**
 * A new address, locally administered (IEEE 802 section 8.2), as the kernel would choose it. Chosen by us it counts as set, so
 * that udev leaves it alone, and is known before the link is made. Not derived from the attachment alone: container names repeat
 * from host to host, and two hosts may share a segment. Nobody needs to be kept from guessing it, so it does without the
 * system's random numbers, which take a millisecond to start.
 */
export function randomMac(seed: string): Mac {
  let hash = Bun.hash.xxHash64(`${seed} ${Date.now()} ${Bun.nanoseconds()} ${process.pid}`);
  const bytes = new Uint8Array(6);
  for (let i = 0; i < bytes.length; i++, hash >>= 8n) bytes[i] = Number(hash & 0xffn);
  bytes[0] = ((bytes[0] ?? 0) & 0xfc) | 0x02;
  return macFromBytes(bytes);
}
