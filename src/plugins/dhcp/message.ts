/** DHCP messages (RFC 2131 section 2) between bytes and values. Pure. */
import { type Ip, ipFromBytes, ipToBytes, parseIp } from "../../values/index.ts";

/** Values of option 53 (RFC 2132 section 9.6). */
export const MessageType = {
  discover: 1,
  offer: 2,
  request: 3,
  decline: 4,
  ack: 5,
  nak: 6,
  release: 7,
} as const;

/** Options netloom itself speaks of, by their numbers. */
export const Option = {
  pad: 0,
  subnetMask: 1,
  routers: 3,
  hostName: 12,
  staticRoutes: 33,
  requestedIp: 50,
  leaseTime: 51,
  overload: 52,
  messageType: 53,
  serverId: 54,
  parameterRequest: 55,
  renewalTime: 58,
  rebindingTime: 59,
  vendorClass: 60,
  clientId: 61,
  userClass: 77,
  classlessRoutes: 121,
  end: 255,
} as const;

export type Options = ReadonlyMap<number, Uint8Array>;

export interface DhcpMessage {
  readonly op: "request" | "reply";
  readonly xid: number;
  /** Seconds since the client began. */
  readonly secs: number;
  /** The server shall not send to an address the client does not have yet. */
  readonly broadcast: boolean;
  /** The client's own address, when it has one. */
  readonly ciaddr: Ip;
  /** The address the server gives. */
  readonly yiaddr: Ip;
  /** The client's hardware address, 6 bytes of Ethernet. */
  readonly chaddr: Uint8Array;
  /** Without pad and end. */
  readonly options: Options;
}

export const noIp: Ip = parseIp("0.0.0.0");

const FIXED = 236;
const COOKIE = 0x63825363;
/** What BOOTP relays and old servers take for the least (RFC 1542 section 2.1). */
const LEAST = 300;

export function encodeMessage({ op, xid, secs, broadcast, ciaddr, yiaddr, chaddr, options }: DhcpMessage): Uint8Array {
  const parts = [...options].flatMap(([code, value]) => encodeOption(code, value));
  const length = FIXED + 4 + parts.reduce((sum, part) => sum + part.length, 0) + 1;
  const bytes = new Uint8Array(Math.max(LEAST, length));
  const view = new DataView(bytes.buffer);
  bytes.set([op === "request" ? 1 : 2, 1, chaddr.length]);
  view.setUint32(4, xid);
  view.setUint16(8, secs);
  view.setUint16(10, broadcast ? 0x8000 : 0);
  bytes.set(ipToBytes(ciaddr), 12);
  bytes.set(ipToBytes(yiaddr), 16);
  bytes.set(chaddr, 28);
  view.setUint32(FIXED, COOKIE);
  let at = FIXED + 4;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  bytes[at] = Option.end;
  return bytes;
}

/** An option of more than 255 bytes is written in several (RFC 3396). */
function encodeOption(code: number, value: Uint8Array): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < value.length; at += 255) {
    const part = value.subarray(at, at + 255);
    parts.push(Uint8Array.of(code, part.length, ...part));
  }
  return parts;
}

/** The message, or `undefined` for bytes that are none. Whatever they are, it ends. */
export function decodeMessage(bytes: Uint8Array): DhcpMessage | undefined {
  if (bytes.length < FIXED + 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [op = 0, htype = 0, hlen = 0] = bytes;
  if ((op !== 1 && op !== 2) || htype !== 1 || hlen > 16 || view.getUint32(FIXED) !== COOKIE) return undefined;
  const options = new Map<number, Uint8Array>();
  if (!readOptions(bytes.subarray(FIXED + 4), options)) return undefined;
  // What did not fit may go on in the fields for the boot file (1) and the server's name (2).
  const overload = options.get(Option.overload)?.[0] ?? 0;
  if ((overload & 1) !== 0 && !readOptions(bytes.subarray(108, 236), options)) return undefined;
  if ((overload & 2) !== 0 && !readOptions(bytes.subarray(44, 108), options)) return undefined;
  options.delete(Option.overload);
  return {
    op: op === 1 ? "request" : "reply",
    xid: view.getUint32(4),
    secs: view.getUint16(8),
    broadcast: (view.getUint16(10) & 0x8000) !== 0,
    ciaddr: ipFromBytes(bytes.subarray(12, 16)),
    yiaddr: ipFromBytes(bytes.subarray(16, 20)),
    chaddr: bytes.slice(28, 28 + hlen),
    options,
  };
}

/** Adds the options of a field; an option that is there already goes on (RFC 3396). `false` where one is cut. */
function readOptions(field: Uint8Array, into: Map<number, Uint8Array>): boolean {
  for (let at = 0; at < field.length;) {
    const code = field[at++] ?? Option.end;
    if (code === Option.end) return true;
    if (code === Option.pad) continue;
    const length = field[at++];
    if (length === undefined || at + length > field.length) return false;
    const before = into.get(code) ?? new Uint8Array();
    const value = new Uint8Array(before.length + length);
    value.set(before);
    value.set(field.subarray(at, at + length), before.length);
    into.set(code, value);
    at += length;
  }
  return true;
}

/** The value of option 53. */
export function typeOf({ options }: DhcpMessage): number | undefined {
  return options.get(Option.messageType)?.[0];
}

/** An option that is a list of addresses; a cut one at its end is left out. */
export function ipsOf(value: Uint8Array | undefined): readonly Ip[] {
  return Array.from({ length: (value?.length ?? 0) >> 2 }, (_, i) =>
    ipFromBytes((value ?? new Uint8Array()).subarray(i * 4, i * 4 + 4)),
  );
}

/** An option that is a number of 32 bits. */
export function uint32Of(value: Uint8Array | undefined): number | undefined {
  if (value === undefined || value.length !== 4) return undefined;
  return new DataView(value.buffer, value.byteOffset, 4).getUint32(0);
}
