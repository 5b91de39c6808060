import { type Mac, macFromBytes } from "../values/index.ts";

/**
 * A new address, locally administered (IEEE 802 section 8.2), as the kernel would choose it. Chosen by us it counts as set, so
 * that udev leaves it alone, and is known before the link is made. Not derived from the attachment alone: container names repeat
 * from host to host, and two hosts may share a segment. Nobody needs to be kept from guessing it, so it does without the
 * system's random numbers, which take a millisecond to start.
 */
export function randomMac(seed: string): Mac {
  const hash = Bun.hash.xxHash64(`${seed} ${Math.random()} ${Date.now()} ${Bun.nanoseconds()} ${process.pid}`);
  const bytes = Uint8Array.from([0, 8, 16, 24, 32, 40], (shift) => Number((hash >> BigInt(shift)) & 0xffn));
  bytes[0] = ((bytes[0] ?? 0) & 0xfc) | 0x02;
  return macFromBytes(bytes);
}
