/**
 * The sum of 16-bit big-endian words of `[from, to)` in ones' complement, onto `start` (RFC 1071). An odd last byte
 * counts as the high half of a word.
 */
export function onesSum(bytes: Uint8Array, from: number, to: number, start = 0): number {
  let sum = start;
  let at = from;
  for (; at + 1 < to; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  if (at < to) sum += (bytes[at] ?? 0) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return sum;
}

/** The Internet checksum over `[from, to)` (RFC 1071): 0 over a packet that carries its own, correct one. */
export function internetChecksum(bytes: Uint8Array, from = 0, to = bytes.length): number {
  return ~onesSum(bytes, from, to) & 0xffff;
}
