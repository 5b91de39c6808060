import { parseIpv4, printIpv4, putUint32 } from "./_ipv4.ts";

const colon = 0x3a;
const dot = 0x2e;

/**
 * The 16 bytes of an IPv6 address, or `undefined`.
 *
 * The grammar is RFC 4291 section 2.2 as inet_pton(3) reads it: groups of one to four hex digits, at most one `::`
 * that stands for at least one group, and optionally a dotted quad as the last 32 bits. No zone, no length.
 */
export function parseIpv6(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(16);
  let at = 0;
  let gap = -1;
  let group = 0;
  let digits = 0;
  let groupStart = 0;
  let i = 0;
  if (text.charCodeAt(0) === colon) {
    if (text.charCodeAt(1) !== colon) return undefined;
    i = 1;
  }
  while (i < text.length) {
    const c = text.charCodeAt(i++);
    const digit = hexDigit(c);
    if (digit >= 0) {
      if (++digits > 4) return undefined;
      group = (group << 4) | digit;
    } else if (c === colon && digits === 0) {
      if (gap >= 0) return undefined;
      gap = at;
      groupStart = i;
    } else if (c === colon) {
      if (i === text.length || at > 12) return undefined;
      putGroup(bytes, at, group);
      at += 2;
      group = 0;
      digits = 0;
      groupStart = i;
    } else if (c === dot && at <= 12) {
      const tail = parseIpv4(text.slice(groupStart));
      if (tail === undefined) return undefined;
      putUint32(bytes, at, tail);
      at += 4;
      digits = 0;
      break;
    } else {
      return undefined;
    }
  }
  if (digits > 0) {
    putGroup(bytes, at, group);
    at += 2;
  }
  if (gap < 0) return at === 16 ? bytes : undefined;
  if (at === 16) return undefined;
  bytes.copyWithin(16 - (at - gap), gap, at);
  bytes.fill(0, gap, 16 - (at - gap));
  return bytes;
}

/**
 * The canonical text of 16 bytes (RFC 5952 section 4): lower case, no leading zeros, the longest run of two or more
 * zero groups as `::`, the first run on a tie. IPv4-mapped addresses (RFC 4291 section 2.5.5.2) end in a dotted quad
 * (RFC 5952 section 5).
 */
export function printIpv6(bytes: Uint8Array): string {
  if (isMapped(bytes)) return `::ffff:${printIpv4(bytes, 12)}`;
  const { start, length } = longestZeroRun(bytes);
  if (length < 2) return printGroups(bytes, 0, 8);
  return `${printGroups(bytes, 0, start)}::${printGroups(bytes, start + length, 8)}`;
}

function isMapped(bytes: Uint8Array): boolean {
  for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return false;
  return bytes[10] === 0xff && bytes[11] === 0xff;
}

function longestZeroRun(bytes: Uint8Array): { start: number; length: number } {
  let start = 0;
  let length = 0;
  for (let g = 0, run = 0; g < 8; g++) {
    run = groupAt(bytes, g) === 0 ? run + 1 : 0;
    if (run > length) {
      length = run;
      start = g + 1 - run;
    }
  }
  return { start, length };
}

function printGroups(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let g = from; g < to; g++) text += (g === from ? "" : ":") + groupAt(bytes, g).toString(16);
  return text;
}

function groupAt(bytes: Uint8Array, group: number): number {
  return ((bytes[group * 2] ?? 0) << 8) | (bytes[group * 2 + 1] ?? 0);
}

function putGroup(bytes: Uint8Array, at: number, group: number): void {
  bytes[at] = group >>> 8;
  bytes[at + 1] = group;
}

function hexDigit(c: number): number {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  const lower = c | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
