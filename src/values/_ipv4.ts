const dot = 0x2e;
const zero = 0x30;

/**
 * The value of a dotted quad as an unsigned 32-bit number, or `undefined`.
 *
 * As strict as inet_pton(3): four decimal octets and nothing else. No leading zeros, which inet_aton(3) reads as octal.
 */
export function parseIpv4(text: string): number | undefined {
  let value = 0;
  let octet = 0;
  let digits = 0;
  let octets = 1;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const digit = c - zero;
    if (digit >= 0 && digit <= 9) {
      if (digits > 0 && octet === 0) return undefined;
      octet = octet * 10 + digit;
      if (octet > 255) return undefined;
      digits++;
    } else if (c === dot && digits > 0 && octets < 4) {
      value = value * 256 + octet;
      octet = 0;
      digits = 0;
      octets++;
    } else {
      return undefined;
    }
  }
  return octets === 4 && digits > 0 ? value * 256 + octet : undefined;
}

/** The dotted quad of the four bytes at `offset`. */
export function printIpv4(bytes: Uint8Array, offset = 0): string {
  return `${bytes[offset]}.${bytes[offset + 1]}.${bytes[offset + 2]}.${bytes[offset + 3]}`;
}

/** Writes an unsigned 32-bit number at `offset`, most significant byte first. */
export function putUint32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 24;
  bytes[offset + 1] = value >>> 16;
  bytes[offset + 2] = value >>> 8;
  bytes[offset + 3] = value;
}
