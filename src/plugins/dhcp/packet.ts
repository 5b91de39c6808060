/** UDP in IPv4 (RFC 768, RFC 791), as far as a client without an address must write it itself. Pure. */
import { type Ip, ipToBytes } from "../../values/index.ts";

export interface Datagram {
  readonly from: Ip;
  readonly to: Ip;
  readonly fromPort: number;
  readonly toPort: number;
  readonly payload: Uint8Array;
}

const IP_HEADER = 20;
const UDP_HEADER = 8;
const UDP = 17;

export function encodeDatagram({ from, to, fromPort, toPort, payload }: Datagram): Uint8Array {
  const bytes = new Uint8Array(IP_HEADER + UDP_HEADER + payload.length);
  const view = new DataView(bytes.buffer);
  const udpLength = UDP_HEADER + payload.length;
  view.setUint8(0, 0x45); // version 4, five words
  view.setUint16(2, bytes.length);
  view.setUint8(8, 64);
  view.setUint8(9, UDP);
  bytes.set(ipToBytes(from), 12);
  bytes.set(ipToBytes(to), 16);
  view.setUint16(10, checksum(sum(bytes.subarray(0, IP_HEADER))));
  view.setUint16(20, fromPort);
  view.setUint16(22, toPort);
  view.setUint16(24, udpLength);
  bytes.set(payload, IP_HEADER + UDP_HEADER);
  const pseudo = sum(bytes.subarray(12, 20)) + UDP + udpLength;
  // 0 would say that there is none.
  view.setUint16(26, checksum(sum(bytes.subarray(IP_HEADER)) + pseudo) || 0xffff);
  return bytes;
}

/**
 * What a packet carries to a port, or `undefined` if it is something else. The UDP checksum is not looked at: of a packet from this
 * same host it is not computed yet when it gets here.
 */
export function payloadFor(packet: Uint8Array, port: number): Uint8Array | undefined {
  if (packet.length < IP_HEADER + UDP_HEADER) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const header = (view.getUint8(0) & 15) * 4;
  const total = view.getUint16(2);
  const fragment = view.getUint16(6) & 0x3fff;
  if (view.getUint8(0) >> 4 !== 4 || header < IP_HEADER || fragment !== 0 || view.getUint8(9) !== UDP) return undefined;
  if (total > packet.length || header + UDP_HEADER > total || view.getUint16(header + 2) !== port) return undefined;
  const length = view.getUint16(header + 4);
  if (length < UDP_HEADER || header + length > total) return undefined;
  return packet.subarray(header + UDP_HEADER, header + length);
}

function sum(bytes: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < bytes.length; i += 2) total += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  return total;
}

function checksum(total: number): number {
  let folded = total;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}
