import type { Family } from "../values/index.ts";
import { onesSum } from "./checksum.ts";

/** ICMP message types of linux/icmp.h (RFC 792) and linux/icmpv6.h (RFC 4443), as far as a probe meets them. */
export const ICMP4 = { ECHO_REPLY: 0, UNREACHABLE: 3, ECHO: 8, TIME_EXCEEDED: 11, PARAMETER: 12 } as const;
export const ICMP6 = {
  UNREACHABLE: 1,
  TOO_BIG: 2,
  TIME_EXCEEDED: 3,
  PARAMETER: 4,
  ECHO: 128,
  ECHO_REPLY: 129,
} as const;

/** Bytes of the IP headers that the kernel puts before ours, without options. */
export const IP_HEADER: Readonly<Record<Family, number>> = { 4: 20, 6: 40 };
/** Type, code, checksum, identifier, sequence number. */
export const ICMP_HEADER = 8;
/** Our payload begins with an 8-byte cookie and the 4-byte number of the probe. */
const COOKIE = 8;
export const MARK = COOKIE + 4;

/** The smallest and largest whole IP packet that a probe can be, in bytes. */
export function sizeLimits(family: Family): readonly [smallest: number, largest: number] {
  return [IP_HEADER[family] + ICMP_HEADER + MARK, 65535];
}

/** What tells the echo requests of this run from everybody else's. */
export interface Stamp {
  /** The identifier field, 16 bits. */
  readonly id: number;
  /** Eight random bytes. */
  readonly cookie: Uint8Array;
}

/** A fresh stamp. */
export function makeStamp(): Stamp {
  const random = crypto.getRandomValues(new Uint8Array(10));
  return { id: ((random[8] ?? 0) << 8) | (random[9] ?? 0), cookie: random.slice(0, COOKIE) };
}

/** One echo request that is made over and over: only sequence, number and checksum change between two uses. */
export class EchoRequest {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #family: Family;
  /** Sum of what never changes. */
  readonly #constant: number;

  /** @param size of the whole IP packet in bytes, within {@link sizeLimits} */
  constructor(family: Family, stamp: Stamp, size: number) {
    this.#family = family;
    this.bytes = new Uint8Array(size - IP_HEADER[family]);
    this.#view = new DataView(this.bytes.buffer);
    this.bytes[0] = family === 4 ? ICMP4.ECHO : ICMP6.ECHO;
    this.#view.setUint16(4, stamp.id);
    this.bytes.set(stamp.cookie, ICMP_HEADER);
    for (let at = ICMP_HEADER + MARK; at < this.bytes.length; at++) this.bytes[at] = at & 0xff;
    this.#constant = onesSum(this.bytes, 0, this.bytes.length);
  }

  /** The message for one probe, valid until the next call. ICMPv6's checksum is the kernel's work (RFC 3542 §3.1). */
  next(sequence: number, probe: number): Uint8Array {
    this.#view.setUint16(6, sequence);
    this.#view.setUint32(ICMP_HEADER + COOKIE, probe);
    if (this.#family === 4) {
      let sum = this.#constant + sequence + (probe >>> 16) + (probe & 0xffff);
      while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
      this.#view.setUint16(2, ~sum & 0xffff);
    }
    return this.bytes;
  }
}

/** What a raw ICMP socket received and that concerns this run. */
export type Arrival =
  | { readonly what: "reply"; readonly sequence: number; readonly probe: number }
  | {
      readonly what: "error";
      readonly sequence: number;
      /** Absent when the error quotes too little of our request. */
      readonly probe?: number;
      readonly type: number;
      readonly code: number;
      /** The MTU of the next hop in bytes, in "fragmentation needed" and "packet too big". */
      readonly mtu?: number;
      /** Who sent the error: its address in network order. Absent for IPv6, whose header a raw socket does not show. */
      readonly sender?: Uint8Array;
    };

/**
 * Reads one datagram of a raw ICMP socket: with its IP header for IPv4, without for IPv6 (raw(7), RFC 3542 §3).
 * `undefined` for anything that is not about this run, including any malformed bytes.
 */
export function readArrival(family: Family, bytes: Uint8Array, length: number, stamp: Stamp): Arrival | undefined {
  const end = Math.min(length, bytes.length);
  const start = family === 4 ? ipv4Payload(bytes, 0, end) : 0;
  if (start === undefined || end - start < ICMP_HEADER) return undefined;
  const type = bytes[start] ?? 0;
  if (type === (family === 4 ? ICMP4.ECHO_REPLY : ICMP6.ECHO_REPLY)) {
    const ours = readEcho(bytes, start, end, stamp);
    return ours?.probe === undefined ? undefined : { what: "reply", sequence: ours.sequence, probe: ours.probe };
  }
  return family === 4 ? readError4(bytes, start, end, stamp) : readError6(bytes, start, end, stamp);
}

/** The number of the probe whose echo request this is; `undefined` for anything that is not this run's. */
export function readRequest(family: Family, bytes: Uint8Array, length: number, stamp: Stamp): number | undefined {
  const end = Math.min(length, bytes.length);
  const start = family === 4 ? ipv4Payload(bytes, 0, end) : 0;
  if (start === undefined || end - start < ICMP_HEADER) return undefined;
  if (bytes[start] !== (family === 4 ? ICMP4.ECHO : ICMP6.ECHO)) return undefined;
  return readEcho(bytes, start, end, stamp)?.probe;
}

/** Where the payload of the IPv4 packet at `at` begins; `undefined` when it carries no ICMP. */
function ipv4Payload(bytes: Uint8Array, at: number, end: number): number | undefined {
  if (end - at < 20) return undefined;
  const first = bytes[at] ?? 0;
  const headerLength = (first & 0xf) * 4;
  // RFC 791 §3.1: version and header length, protocol at offset 9 (1 is ICMP).
  if (first >> 4 !== 4 || headerLength < 20 || at + headerLength > end || bytes[at + 9] !== 1) return undefined;
  return at + headerLength;
}

/** Identifier, sequence and mark of an echo message; the mark may be cut off in a quotation. */
function readEcho(
  bytes: Uint8Array,
  at: number,
  end: number,
  stamp: Stamp,
): { sequence: number; probe?: number } | undefined {
  if (end - at < ICMP_HEADER || u16(bytes, at + 4) !== stamp.id) return undefined;
  const sequence = u16(bytes, at + 6);
  const mark = at + ICMP_HEADER;
  if (end - mark < MARK) return { sequence };
  if (!stamp.cookie.every((byte, i) => bytes[mark + i] === byte)) return undefined;
  return { sequence, probe: u16(bytes, mark + COOKIE) * 0x10000 + u16(bytes, mark + COOKIE + 2) };
}

/** RFC 792: the error's header of 8 bytes, then our IP header and at least 64 bits of our message. */
function readError4(bytes: Uint8Array, at: number, end: number, stamp: Stamp): Arrival | undefined {
  const type = bytes[at] ?? 0;
  const code = bytes[at + 1] ?? 0;
  if (type !== ICMP4.UNREACHABLE && type !== ICMP4.TIME_EXCEEDED && type !== ICMP4.PARAMETER) return undefined;
  const quoted = ipv4Payload(bytes, at + ICMP_HEADER, end);
  if (quoted === undefined || bytes[quoted] !== ICMP4.ECHO) return undefined;
  const ours = readEcho(bytes, quoted, end, stamp);
  if (ours === undefined) return undefined;
  // RFC 1191 §4: the next hop's MTU is in the low half of the otherwise unused word.
  const mtu = type === ICMP4.UNREACHABLE && code === 4 ? u16(bytes, at + 6) : 0;
  return { what: "error", ...ours, type, code, sender: bytes.slice(12, 16), ...(mtu === 0 ? {} : { mtu }) };
}

/** RFC 4443 §3: the error's header of 8 bytes, then as much of our packet as fits. */
function readError6(bytes: Uint8Array, at: number, end: number, stamp: Stamp): Arrival | undefined {
  const type = bytes[at] ?? 0;
  const code = bytes[at + 1] ?? 0;
  if (type < ICMP6.UNREACHABLE || type > ICMP6.PARAMETER) return undefined;
  const inner = at + ICMP_HEADER;
  const quoted = inner + IP_HEADER[6];
  // Our packets have no extension headers: next header (offset 6) is ICMPv6 (58).
  if (end < quoted + ICMP_HEADER || bytes[inner + 6] !== 58 || bytes[quoted] !== ICMP6.ECHO) return undefined;
  const ours = readEcho(bytes, quoted, end, stamp);
  if (ours === undefined) return undefined;
  const mtu = type === ICMP6.TOO_BIG ? u16(bytes, at + 4) * 0x10000 + u16(bytes, at + 6) : 0;
  return { what: "error", ...ours, type, code, ...(mtu === 0 ? {} : { mtu }) };
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
