import type { Brand } from "./_brand.ts";
import { hash64 } from "./_hash.ts";
import { ValueError } from "./error.ts";

/** An Ethernet address (EUI-48) as lower case text, `aa:bb:cc:dd:ee:ff`. */
export type Mac = Brand<string, "Mac">;

/** Reads six pairs of hex digits joined by colons, in any case. Throws {@link ValueError} `bad-mac`. */
export function parseMac(text: string): Mac {
  const mac = tryMac(text);
  if (mac === undefined) {
    throw new ValueError(
      "bad-mac",
      text,
      `"${text}" is not a MAC address: write six pairs of hex digits joined by colons, like 02:00:5e:10:00:ff`,
    );
  }
  return mac;
}

/** Reads six pairs of hex digits joined by colons, or answers `undefined`. */
export function tryMac(text: string): Mac | undefined {
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text) ? (text.toLowerCase() as Mac) : undefined;
}

/** Whether one interface can have the address: it is no group's (IEEE 802 section 8.2), and not all zeros. */
export function isUnicast(mac: Mac): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 0x01) === 0 && mac !== "00:00:00:00:00:00";
}

/** The six bytes in transmission order, freshly allocated. */
export function macToBytes(mac: Mac): Uint8Array {
  return Uint8Array.fromHex(mac.replaceAll(":", ""));
}

/** The address of six bytes. Throws {@link ValueError} `bad-mac` for any other number. */
export function macFromBytes(bytes: Uint8Array): Mac {
  if (bytes.length !== 6) {
    throw new ValueError("bad-mac", bytes.toHex(), `${bytes.length} bytes are not a MAC address: give exactly 6`);
  }
  const hex = bytes.toHex();
  let text = hex.slice(0, 2);
  for (let i = 2; i < hex.length; i += 2) text += `:${hex.slice(i, i + 2)}`;
  return text as Mac;
}

/**
 * The same address for the same seed, always: 46 bits of a hash, marked locally administered and unicast (IEEE 802
 * section 8.2: bit 0x02 of the first octet set, bit 0x01 clear), so it meets no vendor's address.
 */
export function stableMac(seed: string): Mac {
  const bytes = new Uint8Array(6);
  for (let i = 5, rest = hash64(seed); i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  bytes[0] = ((bytes[0] ?? 0) & 0xfc) | 0x02;
  return macFromBytes(bytes);
}
