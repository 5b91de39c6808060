import { ipToBytes, lastOf, tryPrefix, parseIp } from "../values/index.ts";

/** The address after the last of a prefix, or after an address, where an interval ends; none after the last of all. */
export function prefixEnd(text: string): Uint8Array | undefined {
  const prefix = tryPrefix(text);
  const bytes = ipToBytes(prefix === undefined ? parseIp(text) : lastOf(prefix));
  for (let i = bytes.length - 1; i >= 0; i--) {
    const byte = bytes[i] as number;
    bytes[i] = (byte + 1) & 0xff;
    if (byte !== 0xff) return bytes;
  }
  return undefined;
}
