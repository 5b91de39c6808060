import type { Brand } from "./_brand.ts";
import { hash64 } from "./_hash.ts";
import { ValueError } from "./error.ts";

/** A name the kernel accepts for a network interface: 1 to 15 bytes of UTF-8. */
export type IfName = Brand<string, "IfName">;

/** `IFNAMSIZ` (include/uapi/linux/if.h) without the closing NUL. */
const maxBytes = 15;
const hashChars = 6;
const maxHead = maxBytes - 1 - hashChars;

const utf8 = new TextEncoder();

/** Reads an interface name. Throws {@link ValueError} `bad-ifname`. */
export function parseIfName(text: string): IfName {
  const fault = faultOf(text);
  if (fault !== undefined) {
    throw new ValueError("bad-ifname", text, `"${text}" is not an interface name: ${fault}`);
  }
  return text as IfName;
}

/** Reads an interface name, or answers `undefined`. */
export function tryIfName(text: string): IfName | undefined {
  return faultOf(text) === undefined ? (text as IfName) : undefined;
}

/**
 * `long` itself when the kernel accepts it, else a readable head of it, a dash and 30 bits of its hash in base32 (RFC
 * 4648): `cluster-node-eth0` becomes `cluster-xxxxxx`. The same text always gives the same name; different texts do
 * too, up to the hash.
 */
export function shortIfName(long: string): IfName {
  const name = tryIfName(long);
  if (name !== undefined) return name;
  const head = long
    .replace(/[^A-Za-z0-9_.-]+/g, "_")
    .replace(/^[-_.]+/, "")
    .slice(0, maxHead)
    .replace(/[-_.]+$/, "");
  return `${head === "" ? "if" : head}-${base32(hash64(long), hashChars)}` as IfName;
}

/**
 * Why the kernel would refuse the name, if it would: `dev_valid_name` and `dev_prep_valid_name` of net/core/dev.c.
 * Its `isspace` looks at single bytes as Latin-1, so the byte 0xa0 is a space to it, also inside "à".
 */
function faultOf(text: string): string | undefined {
  if (isPlain(text)) return undefined;
  if (text === "") return "it is empty; write one like eth0";
  if (text === "." || text === "..") return "the kernel keeps it for directories; write one like eth0";
  if (!text.isWellFormed()) return "it contains half a surrogate pair, which has no UTF-8 form; remove it";
  const bytes = utf8.encode(text);
  if (bytes.length > maxBytes) {
    return `it has ${bytes.length} bytes and the kernel takes ${maxBytes}; shorten it`;
  }
  if (text.includes("%")) return 'the kernel reads "%" as a pattern for a free number; remove it';
  const refused = ["/", ":", "\0"].find((character) => text.includes(character));
  if (refused !== undefined) return `it contains ${JSON.stringify(refused)}; remove it`;
  const space = bytes.find((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0xa0);
  if (space === undefined) return undefined;
  const hex = space.toString(16).padStart(2, "0");
  return `it contains the byte 0x${hex}, white space to the kernel; remove that character`;
}

/** Letters, digits, dots, dashes and underscores after a letter: nearly every name, known without looking closer. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const isLetter = (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a);
    const isOther = (c >= 0x30 && c <= 0x39) || c === 0x2e || c === 0x2d || c === 0x5f;
    if (!isLetter && (i === 0 || !isOther)) return false;
  }
  return text !== "" && text.length <= maxBytes;
}

function base32(n: bigint, chars: number): string {
  let text = "";
  for (let rest = n; text.length < chars; rest >>= 5n) {
    text += "abcdefghijklmnopqrstuvwxyz234567"[Number(rest & 31n)];
  }
  return text;
}
