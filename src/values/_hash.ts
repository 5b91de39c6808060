const utf8 = new TextEncoder();

/**
 * A 64-bit hash of the text's UTF-8 bytes, not for adversaries: FNV-1a (RFC 9923) and then `fmix64`
 * of MurmurHash3, since callers keep only some bits and FNV alone spreads the last character thinly.
 * Names and MAC addresses on people's machines derive from it, so it must never change.
 */
export function hash64(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of utf8.encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  hash = BigInt.asUintN(64, (hash ^ (hash >> 33n)) * 0xff51afd7ed558ccdn);
  hash = BigInt.asUintN(64, (hash ^ (hash >> 33n)) * 0xc4ceb9fe1a85ec53n);
  return hash ^ (hash >> 33n);
}
