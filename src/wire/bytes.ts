import { WireError } from "./error.ts";

/** Netlink speaks the host's byte order; everything else on a wire is big-endian. */
export const hostIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** A window on received bytes, with the two views that reading needs. Never keeps more than one buffer alive. */
export class Bytes {
  readonly u8: Uint8Array;
  readonly view: DataView;

  constructor(u8: Uint8Array) {
    this.u8 = u8;
    this.view = new DataView(u8.buffer, u8.byteOffset, u8.byteLength);
  }

  u16(at: number): number {
    return this.view.getUint16(at, hostIsLittleEndian);
  }

  u32(at: number): number {
    return this.view.getUint32(at, hostIsLittleEndian);
  }

  s32(at: number): number {
    return this.view.getInt32(at, hostIsLittleEndian);
  }

  u64(at: number): bigint {
    return this.view.getBigUint64(at, hostIsLittleEndian);
  }
}

const MAX_ATTRIBUTE = 0xffff;

/** Grows as it is written; lengths are patched in afterwards. One writer serves many messages. */
export class Writer {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacity = 4096) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** What was written, as a view that the next write may overwrite. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** A copy that stays. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** Forgets everything after `length`. */
  truncate(length = 0): void {
    this.#length = length;
  }

  /** Makes room; the view of before may be that of a smaller buffer, so it is looked up after. */
  #claim(count: number): number {
    const at = this.#length;
    const end = at + count;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#length = end;
    return at;
  }

  u8(value: number): void {
    const at = this.#claim(1);
    this.#view.setUint8(at, inRange(value, 0xff));
  }

  u16(value: number): void {
    const at = this.#claim(2);
    this.#view.setUint16(at, inRange(value, 0xffff), hostIsLittleEndian);
  }

  u32(value: number): void {
    const at = this.#claim(4);
    this.#view.setUint32(at, inRange(value, 0xffff_ffff), hostIsLittleEndian);
  }

  s32(value: number): void {
    if (!Number.isInteger(value) || value < -0x8000_0000 || value > 0x7fff_ffff) {
      throw new WireError("overflow", `${value} is not a signed 32-bit integer`);
    }
    const at = this.#claim(4);
    this.#view.setInt32(at, value, hostIsLittleEndian);
  }

  u64(value: bigint): void {
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) {
      throw new WireError("overflow", `${value} is not an unsigned 64-bit integer`);
    }
    const at = this.#claim(8);
    this.#view.setBigUint64(at, value, hostIsLittleEndian);
  }

  be16(value: number): void {
    const at = this.#claim(2);
    this.#view.setUint16(at, inRange(value, 0xffff), false);
  }

  be32(value: number): void {
    const at = this.#claim(4);
    this.#view.setUint32(at, inRange(value, 0xffff_ffff), false);
  }

  raw(bytes: Uint8Array): void {
    const at = this.#claim(bytes.length);
    this.#bytes.set(bytes, at);
  }

  zeros(count: number): void {
    const at = this.#claim(count);
    this.#bytes.fill(0, at, at + count);
  }

  /** Pads with zeros to a multiple of four (NLMSG_ALIGN, NLA_ALIGN of linux/netlink.h). */
  align4(): void {
    const count = -this.#length & 3;
    if (count > 0) this.zeros(count);
  }

  /** Writes a 16-bit attribute length over an earlier placeholder. */
  patchLength16(at: number, length: number): void {
    if (length > MAX_ATTRIBUTE) {
      throw new WireError("overflow", `${length} bytes do not fit an attribute, whose length has 16 bits`);
    }
    this.#view.setUint16(at, length, hostIsLittleEndian);
  }

  /** Writes a 32-bit message length over an earlier placeholder. */
  patchLength32(at: number, length: number): void {
    this.#view.setUint32(at, length, hostIsLittleEndian);
  }
}

function inRange(value: number, max: number): number {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new WireError("overflow", `${value} is not an integer from 0 to ${max}`);
  }
  return value;
}
